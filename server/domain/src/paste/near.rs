//! Did you mean: names that differ by a few letters.

/// The most suggestions for one name.
pub const MOST: usize = 3;

/// A name that is near another one, with how far it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Near {
    /// Letters to change, add, drop or swap.
    pub far: usize,
    /// Its place among those given.
    pub place: usize,
}

/// The nearest of some names, nearest first, at most three; none that is further than a third of its letters.
pub fn near<'a>(name: &str, among: impl IntoIterator<Item = &'a str>) -> Vec<Near> {
    let name: Vec<char> = name.to_lowercase().chars().collect();
    let limit = (name.len() / 3).clamp(1, 3);
    let mut found: Vec<Near> = Vec::new();
    for (place, other) in among.into_iter().enumerate() {
        let other: Vec<char> = other.to_lowercase().chars().collect();
        let worst = if found.len() == MOST { found[MOST - 1].far.saturating_sub(1) } else { limit };
        if let Some(far) = distance(&name, &other, worst) {
            found.push(Near { far, place });
            found.sort();
            found.truncate(MOST);
        }
    }
    found
}

/// Letters to change, add, drop or swap with the next one, if they are not more than `limit`.
fn distance(one: &[char], other: &[char], limit: usize) -> Option<usize> {
    if one.len().abs_diff(other.len()) > limit {
        return None;
    }
    let mut before = vec![0; other.len() + 1];
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (i, a) in one.iter().enumerate() {
        let mut next = Vec::with_capacity(row.len());
        next.push(i + 1);
        for (j, b) in other.iter().enumerate() {
            let mut least = (row[j] + usize::from(a != b)).min(row[j + 1] + 1).min(next[j] + 1);
            if i > 0 && j > 0 && *a == other[j - 1] && one[i - 1] == *b {
                least = least.min(before[j - 1] + 1);
            }
            next.push(least);
        }
        if next.iter().min().is_some_and(|least| *least > limit) {
            return None;
        }
        before = std::mem::replace(&mut row, next);
    }
    row.last().copied().filter(|far| *far <= limit)
}
