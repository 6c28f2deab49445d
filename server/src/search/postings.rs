//! Which tables have which column: for each text of the vocabulary its tables, over all sources.

/// Tables by the texts of their columns.
#[derive(Default)]
pub struct Postings {
    /// By number of the vocabulary: where its tables begin; and where the last ones end.
    from: Vec<u32>,
    tables: Vec<u32>,
}

impl Postings {
    /// From the columns of each table, table after table. They are walked twice: counted, then put in their places.
    pub fn new<'c>(columns: impl Iterator<Item = &'c [u32]> + Clone) -> Self {
        let index = |n: usize| u32::try_from(n).expect("a catalogue has far fewer columns than 2^32");
        let size = columns.clone().flatten().max().map_or(0, |last| *last as usize + 1);
        let mut from = vec![0_u32; size + 1];
        for term in columns.clone().flatten() {
            from[*term as usize + 1] += 1;
        }
        for term in 1..from.len() {
            from[term] += from[term - 1];
        }
        let mut next = from.clone();
        let mut tables = vec![0; from.last().map_or(0, |all| *all as usize)];
        for (table, columns) in columns.enumerate() {
            for term in columns {
                let place = &mut next[*term as usize];
                tables[*place as usize] = index(table);
                *place += 1;
            }
        }
        Self { from, tables }
    }

    /// Calls for each table that has a column among these texts, whose numbers are in order; perhaps more than once.
    pub fn each_with(&self, terms: &[u32], mut found: impl FnMut(usize)) {
        for term in terms {
            // A text that no table has any more is still in the vocabulary.
            let Some([begin, end]) = self.from.get(*term as usize..*term as usize + 2) else { return };
            self.tables[*begin as usize..*end as usize].iter().for_each(|table| found(*table as usize));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::vocabulary::Growing;
    use super::*;

    #[test]
    fn each_text_knows_its_tables() {
        let mut growing = Growing::default();
        let [id, name, never, at] = ["id", "name", "never", "signed_at"].map(|column| growing.number(column, ""));
        let tables: [&[u32]; 3] = [&[id, name], &[], &[at, id, id]];
        let postings = Postings::new(tables.iter().copied());
        let vocabulary = growing.close();
        let with = |word: &str| {
            let mut found = Vec::new();
            postings.each_with(&vocabulary.matching(word), |table| found.push(table));
            found
        };
        assert_eq!((with("id"), with("name"), with("signed")), (vec![0, 2, 2], vec![0], vec![2]));
        assert_eq!((with("never"), with("nothing")), (vec![], vec![]));
        assert!(never < at);
        assert!(Postings::new(std::iter::empty()).from == [0]);
    }
}
