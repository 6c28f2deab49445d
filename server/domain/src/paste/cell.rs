//! One line: cells by tabs, commas and spaces; parts by dots; quotes of every kind, half and full width.

use super::Named;

/// What stands between two cells. The later, the weaker.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Gap {
    Space,
    Tab,
    Comma,
}

/// A cell: its dotted parts, and what stood before it.
#[derive(Debug, Default)]
struct Cell {
    parts: Vec<String>,
    gap: Option<Gap>,
}

/// What a line may mean, likeliest first.
pub(super) fn readings(line: &str) -> Vec<Vec<Named>> {
    let cells = cells(without_bullet(line));
    let names = |split: bool| -> Option<Vec<Named>> {
        let named = |cell: &Cell| if split { Named::of(&inside(cell)) } else { Named::of(&cell.parts) };
        cells.iter().map(named).collect()
    };
    let bare = cells.iter().all(|cell| cell.parts.len() == 1);
    let mut readings = Vec::new();
    // `lease contract`, `lease<tab>contract`, `prod,lease,contract`: parts of one name, in columns.
    if bare && (2..=3).contains(&cells.len()) {
        let parts: Vec<String> = cells.iter().flat_map(|cell| cell.parts.clone()).collect();
        readings.extend(Named::of(&parts).map(|named| vec![named]));
    }
    // `lease.contract  The contracts`: words after a dotted name, with no comma between, are a remark.
    let dotted = cells.first().is_some_and(|first| first.parts.len() > 1);
    if dotted && cells.iter().skip(1).any(|cell| cell.parts.len() == 1 && cell.gap != Some(Gap::Comma)) {
        let kept = cells.iter().filter(|cell| cell.parts.len() > 1 || cell.gap == Some(Gap::Comma));
        let kept: Option<Vec<Named>> = kept.map(|cell| Named::of(&cell.parts)).collect();
        readings.extend(kept);
    }
    // `'lease.contract'`: the quotes stand round the whole name.
    if cells.iter().any(|cell| inside(cell).len() != cell.parts.len()) {
        readings.extend(names(true));
    }
    readings.extend(names(false).filter(|names| !names.is_empty()));
    readings
}

/// The parts of a cell that is one quoted whole.
fn inside(cell: &Cell) -> Vec<String> {
    match cell.parts.as_slice() {
        [whole] => whole.split('.').map(|part| part.trim().to_owned()).collect(),
        _ => cell.parts.clone(),
    }
}

/// `- lease.contract`, `* …`, `1. …`, `2) …`, `3、…`: what counts the lines is no part of a name.
fn without_bullet(line: &str) -> &str {
    let line = line.trim();
    let digits = line.len() - line.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let rest = &line[digits..];
    let marks: &[char] = if digits > 0 { &['.', ')', '、', '）'] } else { &['-', '*', '•', '·'] };
    match rest.strip_prefix(marks) {
        Some(rest) if rest.starts_with(char::is_whitespace) || line[digits..].starts_with('、') => rest.trim_start(),
        _ => line,
    }
}

/// The closing quote of an opening one.
fn closing(open: char) -> Option<char> {
    Some(match open {
        '`' | '"' | '\'' | '｀' | '＂' | '＇' => open,
        '“' | '”' => '”',
        '‘' | '’' => '’',
        '「' => '」',
        '『' => '』',
        '[' => ']',
        _ => return None,
    })
}

fn gap(c: char) -> Option<Gap> {
    match c {
        ',' | ';' | '，' | '；' | '、' | '|' | '｜' => Some(Gap::Comma),
        '\t' => Some(Gap::Tab),
        c if c.is_whitespace() => Some(Gap::Space),
        _ => None,
    }
}

fn is_dot(c: char) -> bool {
    matches!(c, '.' | '．' | '。')
}

fn cells(line: &str) -> Vec<Cell> {
    let mut cells: Vec<Cell> = Vec::new();
    let (mut rest, mut before, mut after_dot) = (line, None, false);
    while let Some(c) = rest.chars().next() {
        let tail = &rest[c.len_utf8()..];
        if let Some(found) = gap(c) {
            before = before.max(Some(found));
            rest = tail;
        } else if is_dot(c) {
            after_dot = true;
            rest = tail;
        } else {
            let (part, tail) = part(rest);
            rest = tail;
            let Some(part) = part else { continue };
            match cells.last_mut() {
                // Spaces round a dot do not part a name.
                Some(cell) if after_dot && before != Some(Gap::Comma) => cell.parts.push(part),
                _ => cells.push(Cell { parts: vec![part], gap: before }),
            }
            (before, after_dot) = (None, false);
        }
    }
    cells
}

/// One part of a name from the beginning of a text, and what follows; `None` for quotes with nothing between.
fn part(text: &str) -> (Option<String>, &str) {
    if let Some((inside, tail)) = quoted(text) {
        return ((!inside.is_empty()).then_some(inside), tail);
    }
    let text = text.trim_start_matches(|c| closing(c).is_some());
    let end = text.find(|c: char| gap(c).is_some() || is_dot(c)).unwrap_or(text.len());
    let plain = text[..end].trim_end_matches(['`', '"', '\'', '｀', '＂', '＇', '”', '’', '」', '』', ']']);
    ((!plain.is_empty()).then(|| plain.to_owned()), &text[end..])
}

/// What stands between a quote and its closing one; a doubled closing quote stands for itself.
fn quoted(text: &str) -> Option<(String, &str)> {
    let open = text.chars().next()?;
    let close = closing(open)?;
    let (mut inside, mut rest) = (String::new(), &text[open.len_utf8()..]);
    loop {
        let end = rest.find(close)?;
        inside.push_str(&rest[..end]);
        rest = &rest[end + close.len_utf8()..];
        match rest.strip_prefix(close) {
            Some(more) => {
                inside.push(close);
                rest = more;
            }
            None => return Some((inside.trim().to_owned(), rest)),
        }
    }
}
