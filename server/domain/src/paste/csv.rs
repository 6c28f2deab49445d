//! Rows of a CSV file: comma, semicolon or tab; quoted cells; with a header that says which column is which, or without.

use super::{MOST_LINES, Named, Reading, Written, cell, shown};

/// Which cell holds what.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Columns {
    source: Option<usize>,
    database: Option<usize>,
    table: usize,
}

/// Words of a header, in lower case.
const SOURCE: [&str; 5] = ["source", "source_name", "instance", "数据源", "实例"];
const DATABASE: [&str; 9] =
    ["database", "database_name", "db", "schema", "table_schema", "schema_name", "库", "库名", "数据库"];
const TABLE: [&str; 6] = ["table", "table_name", "tablename", "name", "表", "表名"];

/// Reads the rows of a CSV file.
pub fn csv(text: &str) -> Reading {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let separator = separator(text);
    let (mut reading, mut columns, mut first) = (Reading::default(), None, true);
    let mut rows = Rows { rest: text, line: 1, separator };
    while let Some((line, row)) = rows.next_row() {
        if row.iter().all(|cell| cell.trim().is_empty()) {
            continue;
        }
        if std::mem::take(&mut first) {
            columns = header(&row);
            if columns.is_some() {
                continue;
            }
        }
        if reading.written.len() == MOST_LINES {
            reading.beyond = 1 + rows.rest.lines().filter(|line| !line.trim().is_empty()).count();
            break;
        }
        let readings = match columns {
            Some(columns) => by_header(&row, columns).into_iter().map(|named| vec![named]).collect(),
            None => by_place(&row),
        };
        let text = row.iter().filter(|cell| !cell.trim().is_empty()).map(|cell| cell.trim()).collect::<Vec<_>>();
        reading.written.push(Written { line, text: shown(&text.join(", ")), readings });
    }
    reading
}

/// What the first line has most of, besides what stands in quotes.
fn separator(text: &str) -> char {
    let line = text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
    let count = |separator: char| line.split('"').step_by(2).flat_map(str::chars).filter(|c| *c == separator).count();
    // The last of equals wins: a comma where there is nothing at all.
    [';', '\t', ','].into_iter().max_by_key(|separator| count(*separator)).unwrap_or(',')
}

fn header(row: &[String]) -> Option<Columns> {
    let find = |words: &[&str]| row.iter().position(|cell| words.contains(&cell.trim().to_lowercase().as_str()));
    let (source, database, table) = (find(&SOURCE), find(&DATABASE), find(&TABLE)?);
    // A single column that is called like a table may be a table.
    (row.len() > 1 && (source.is_some() || database.is_some()) || row.len() == 1).then_some(Columns {
        source,
        database,
        table,
    })
}

fn by_header(row: &[String], columns: Columns) -> Option<Named> {
    let cell = |place: Option<usize>| place.and_then(|place| row.get(place)).map(|cell| cell.trim());
    let (source, database) = (cell(columns.source), cell(columns.database));
    let table = cell(Some(columns.table)).filter(|table| !table.is_empty())?;
    let given = |text: Option<&str>| text.filter(|text| !text.is_empty()).map(str::to_owned);
    let Some(database) = given(database) else {
        // The table column may hold `db.table`.
        let named = cell::readings(table).into_iter().next()?.into_iter().next()?;
        return Some(Named { source: named.source.or(given(source)), ..named });
    };
    Some(Named { source: given(source), database: Some(database.parse().ok()?), table: table.parse().ok()? })
}

/// Without a header: `source, db, table`, else `db, table` with something behind, else the first cell alone.
fn by_place(row: &[String]) -> Vec<Vec<Named>> {
    let cells: Vec<String> = row.iter().map(|cell| cell.trim().to_owned()).collect();
    let mut readings = Vec::new();
    for take in [3, 2] {
        if cells.len() >= take && cells[..take].iter().all(|cell| !cell.is_empty() && !cell.contains('.')) {
            readings.extend(Named::of(&cells[..take]).map(|named| vec![named]));
        }
    }
    let first = cells.into_iter().find(|cell| !cell.is_empty()).unwrap_or_default();
    readings.extend(cell::readings(&first));
    readings
}

/// Walks the rows of a text.
struct Rows<'t> {
    rest: &'t str,
    line: usize,
    separator: char,
}

impl Rows<'_> {
    /// The next row with the number of the line it begins at.
    fn next_row(&mut self) -> Option<(usize, Vec<String>)> {
        if self.rest.is_empty() {
            return None;
        }
        let (begun, mut row) = (self.line, Vec::new());
        loop {
            row.push(self.cell());
            let mut ahead = self.rest.chars();
            match ahead.next() {
                Some(c) if c == self.separator => self.rest = ahead.as_str(),
                Some('\r') => {
                    self.rest = ahead.as_str().strip_prefix('\n').unwrap_or(ahead.as_str());
                    break;
                }
                Some(_) => {
                    self.rest = ahead.as_str();
                    break;
                }
                None => break,
            }
        }
        self.line += 1;
        Some((begun, row))
    }

    /// One cell, up to the separator or the end of the line.
    fn cell(&mut self) -> String {
        if let Some((inside, tail)) = self.rest.strip_prefix('"').and_then(quoted) {
            self.line += inside.matches('\n').count();
            self.rest = tail;
            // What follows a closing quote up to the separator belongs to nothing.
            let end = tail.find(['\n', '\r', self.separator]).unwrap_or(tail.len());
            self.rest = &tail[end..];
            return inside;
        }
        let end = self.rest.find(['\n', '\r', self.separator]).unwrap_or(self.rest.len());
        let (cell, tail) = self.rest.split_at(end);
        self.rest = tail;
        cell.to_owned()
    }
}

/// The longest cell that a quote may hold: a quote that never closes does not swallow the file.
const MOST_CELL: usize = 10_000;

/// What stands up to the closing quote, and what follows it.
fn quoted(text: &str) -> Option<(String, &str)> {
    let (mut inside, mut rest) = (String::new(), text);
    loop {
        let end = rest.bytes().take(MOST_CELL - inside.len()).position(|byte| byte == b'"')?;
        inside.push_str(&rest[..end]);
        rest = &rest[end + 1..];
        match rest.strip_prefix('"') {
            Some(more) => {
                inside.push('"');
                rest = more;
            }
            None => return Some((inside, rest)),
        }
    }
}
