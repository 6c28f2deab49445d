//! A stored value in the form of its column's lake type.
//!
//! `SQLite` stores what it likes: a decimal that comes as text is kept as a floating number when it looks like one, and
//! loses every digit after the fifteenth. So a floating number counts as a decimal only up to there, and a file that
//! needs more digits (`bigint unsigned` above 2^63, `decimal(38,10)`) keeps them as text inside a BLOB.

use domain::types::{LakeType, Loss};
use domain::value::Value;
use sqlx::sqlite::{Sqlite, SqliteValueRef};
use sqlx::{Decode, TypeInfo, ValueRef};

use super::super::reading::Want;
use super::super::text::{self, Misfit};

/// Converts one stored value, or says why it does not fit.
pub fn convert(want: &Want, raw: SqliteValueRef<'_>) -> Result<Value, Misfit> {
    if raw.is_null() {
        let refused = Misfit("NULL is stored in a column of the primary key".into());
        return if want.is_key { Err(refused) } else { Ok(Value::Null) };
    }
    let stored = Stored::of(&raw);
    let unread = |_| Misfit("a text is stored that is not UTF-8".into());
    match stored {
        Stored::Integer => text::whole(want.kind, <i64 as Decode<Sqlite>>::decode(raw).map_err(unread)?),
        Stored::Real => real(want, <f64 as Decode<Sqlite>>::decode(raw).map_err(unread)?),
        Stored::Text => written(want, <&str as Decode<Sqlite>>::decode(raw).map_err(unread)?),
        Stored::Blob => blob(want, <&[u8] as Decode<Sqlite>>::decode(raw).map_err(unread)?),
    }
}

enum Stored {
    Integer,
    Real,
    Text,
    Blob,
}

impl Stored {
    fn of(raw: &SqliteValueRef<'_>) -> Self {
        match raw.type_info().name() {
            "INTEGER" => Self::Integer,
            "REAL" => Self::Real,
            "TEXT" => Self::Text,
            _ => Self::Blob,
        }
    }
}

fn real(want: &Want, number: f64) -> Result<Value, Misfit> {
    match want.kind {
        LakeType::Float | LakeType::Double => Ok(Value::Float(number)),
        LakeType::Decimal(..) | LakeType::String => written(want, &plain(number)?),
        _ => Err(Misfit::stored("floating number", want.kind)),
    }
}

fn written(want: &Want, text: &str) -> Result<Value, Misfit> {
    if want.loss == Some(Loss::DecimalAsText) && !text::is_decimal(text) {
        return Err(Misfit("a text is stored that is not a decimal number".into()));
    }
    text::value(want.kind, text)
}

fn blob(want: &Want, bytes: &[u8]) -> Result<Value, Misfit> {
    let is_decimal = matches!(want.kind, LakeType::Decimal(..)) || want.loss == Some(Loss::DecimalAsText);
    match std::str::from_utf8(bytes) {
        Ok(digits) if is_decimal => written(want, digits),
        _ => text::bytes(want.kind, bytes),
    }
}

/// The one decimal number of at most fifteen digits that is stored as `number`.
fn plain(number: f64) -> Result<String, Misfit> {
    let text = number.to_string();
    let digits = text.bytes().filter(u8::is_ascii_digit).skip_while(|digit| *digit == b'0').count();
    if number.is_finite() && number.abs() < 1e15 && digits <= 15 {
        Ok(text)
    } else {
        Err(Misfit("a floating number is stored that has lost digits of the declared decimal".into()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_floating_number_is_a_decimal_only_while_it_has_all_digits() {
        for (number, text) in [(1234.5, "1234.5"), (-0.01, "-0.01"), (0.1 + 0.2, ""), (1e15, ""), (f64::NAN, "")] {
            assert_eq!(plain(number).unwrap_or_default(), text);
        }
        assert_eq!(plain(99_999_999_999.99).as_deref(), Ok("99999999999.99"));
    }
}
