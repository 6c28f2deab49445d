//! One cell of a batch as text, as a person would read it.

use std::fmt::Write;

use arrow_array::cast::AsArray;
use arrow_array::{Array, RecordBatch};
use arrow_cast::display::{ArrayFormatter, FormatOptions};
use arrow_schema::{ArrowError, DataType};

/// The most characters that a cell shows.
const LONGEST: usize = 200;

/// The most bytes that a cell shows.
const MOST_BYTES: usize = 32;

const OPTIONS: FormatOptions<'static> = FormatOptions::new()
    .with_display_error(true)
    .with_date_format(Some("%Y-%m-%d"))
    .with_time_format(Some("%H:%M:%S%.f"))
    .with_timestamp_format(Some("%Y-%m-%d %H:%M:%S%.f"))
    .with_timestamp_tz_format(Some("%Y-%m-%d %H:%M:%S%.f %:z"));

/// The first rows of a batch, at most so many; null is `None`.
pub(crate) fn rows(batch: &RecordBatch, most: usize) -> Result<Vec<Vec<Option<String>>>, ArrowError> {
    let formatters = batch
        .columns()
        .iter()
        .map(|column| ArrayFormatter::try_new(column.as_ref(), &OPTIONS))
        .collect::<Result<Vec<_>, _>>()?;
    let cell = |(column, formatter): (&dyn Array, &ArrayFormatter<'_>), row: usize| {
        (!column.is_null(row)).then(|| match column.data_type() {
            DataType::Binary => hex(column.as_binary::<i32>().value(row)),
            _ => cut(&formatter.value(row).to_string()),
        })
    };
    Ok((0..batch.num_rows().min(most))
        .map(|row| {
            let columns = batch.columns().iter().map(AsRef::as_ref);
            columns.zip(&formatters).map(|column| cell(column, row)).collect()
        })
        .collect())
}

fn cut(text: &str) -> String {
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

fn hex(bytes: &[u8]) -> String {
    let mut text = "0x".to_owned();
    for byte in bytes.iter().take(MOST_BYTES) {
        write!(text, "{byte:02X}").expect("a string takes every text");
    }
    if bytes.len() > MOST_BYTES {
        text.push('…');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_cells_are_cut_and_say_so() {
        assert_eq!(cut(&"租".repeat(200)), "租".repeat(200));
        assert_eq!(cut(&"租".repeat(201)), format!("{}…", "租".repeat(200)));
        assert_eq!(hex(&[0, 255]), "0x00FF");
        assert_eq!(hex(&[1; 33]), format!("0x{}…", "01".repeat(32)));
        assert_eq!(hex(&[]), "0x");
    }
}
