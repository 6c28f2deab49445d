//! Does a value fit its column? Each function takes one kind of column.
//!
//! Invariant: a value is given back exactly or refused. Nothing is cut, rounded or guessed.
//! A refusal is the middle of a sentence: "it …, but the column is DATE". It never repeats text or bytes.

use domain::time::DAY;
use domain::value::Value;

/// The longest text or bytes that one cell takes; Arrow counts the bytes of a batch's column in 31 bits.
const LONGEST_CELL: usize = 1 << 30;

/// What a value is, when it is not what the column wants.
fn is(value: &Value) -> String {
    let kind = match value {
        Value::Null => "null",
        Value::Bool(_) => "true or false",
        Value::Int(_) => "a whole number",
        Value::Decimal(_) => "a decimal number",
        Value::Float(_) => "a floating number",
        Value::Text(_) => "text",
        Value::Bytes(_) => "bytes",
        Value::Date(_) => "a date",
        Value::Time(_) => "a time of day",
        Value::Timestamp(_) => "a timestamp",
        Value::List(_) => "a list",
    };
    format!("is {kind}")
}

pub(crate) fn boolean(value: &Value) -> Result<bool, String> {
    if let Value::Bool(found) = value { Ok(*found) } else { Err(is(value)) }
}

pub(crate) fn int<T: TryFrom<i64>>(value: &Value) -> Result<T, String> {
    let Value::Int(found) = value else { return Err(is(value)) };
    T::try_from(*found).map_err(|_| format!("is {found}"))
}

pub(crate) fn double(value: &Value) -> Result<f64, String> {
    if let Value::Float(found) = value { Ok(*found) } else { Err(is(value)) }
}

pub(crate) fn float(value: &Value) -> Result<f32, String> {
    let found = double(value)?;
    #[expect(clippy::cast_possible_truncation, reason = "FLOAT keeps 24 bits; only its range is checked")]
    let narrow = found as f32;
    if found.is_finite() && narrow.is_infinite() {
        return Err("is beyond the range of 4 bytes".to_owned());
    }
    Ok(narrow)
}

pub(crate) fn decimal(value: &Value, precision: u8) -> Result<i128, String> {
    let Value::Decimal(unscaled) = value else { return Err(is(value)) };
    let beyond = 10_u128.pow(u32::from(precision));
    if unscaled.unsigned_abs() >= beyond {
        return Err(format!("has more than {precision} digits"));
    }
    Ok(*unscaled)
}

pub(crate) fn text(value: &Value, length: Option<u32>) -> Result<&str, String> {
    let Value::Text(found) = value else { return Err(is(value)) };
    let limit = length.map_or(LONGEST_CELL, fit);
    // Characters are never more than bytes, so the slow count is rarely needed.
    if found.len() > limit {
        let characters = found.chars().count();
        if characters > limit || found.len() > LONGEST_CELL {
            return Err(format!("has {characters} characters"));
        }
    }
    Ok(found)
}

pub(crate) fn bytes(value: &Value, length: Option<u32>) -> Result<&[u8], String> {
    let Value::Bytes(found) = value else { return Err(is(value)) };
    if found.len() > length.map_or(LONGEST_CELL, fit).min(LONGEST_CELL) {
        return Err(format!("has {} bytes", found.len()));
    }
    Ok(found)
}

/// BINARY(n) always holds n bytes: shorter ones end in zeros, as in every database that has the type.
pub(crate) fn padded(value: &Value, length: u32) -> Result<Vec<u8>, String> {
    let mut found = bytes(value, Some(length))?.to_vec();
    found.resize(fit(length), 0);
    Ok(found)
}

pub(crate) fn date(value: &Value) -> Result<i32, String> {
    if let Value::Date(days) = value { Ok(*days) } else { Err(is(value)) }
}

pub(crate) fn time(value: &Value) -> Result<i32, String> {
    let Value::Time(millis) = value else { return Err(is(value)) };
    if !(0..DAY).contains(&i64::from(*millis)) {
        return Err("is not a time of day".to_owned());
    }
    Ok(*millis)
}

/// Microseconds into the unit that Arrow uses for the precision.
pub(crate) fn timestamp(value: &Value, precision: u8) -> Result<i64, String> {
    let Value::Timestamp(micros) = value else { return Err(is(value)) };
    let finest = 10_i64.pow(6_u32.saturating_sub(precision.into()));
    if micros % finest != 0 {
        return Err("has finer fractions of a second".to_owned());
    }
    Ok(match precision {
        0 => micros / 1_000_000,
        1..=3 => micros / 1_000,
        _ => *micros,
    })
}

pub(crate) fn list(value: &Value) -> Result<&[String], String> {
    let Value::List(found) = value else { return Err(is(value)) };
    if found.iter().map(String::len).sum::<usize>() > LONGEST_CELL {
        return Err("is too long".to_owned());
    }
    Ok(found)
}

fn fit(length: u32) -> usize {
    usize::try_from(length).expect("a usize has at least 32 bits here")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_does_not_fit_is_refused_in_words() {
        let refusals = [
            int::<i8>(&Value::Int(128)).map(|_| ()),
            int::<i32>(&Value::Text("1".into())).map(|_| ()),
            boolean(&Value::Int(1)).map(|_| ()),
            float(&Value::Float(1e300)).map(|_| ()),
            decimal(&Value::Decimal(100), 2).map(|_| ()),
            text(&Value::Text("租赁合同".into()), Some(3)).map(|_| ()),
            bytes(&Value::Bytes(vec![0; 3]), Some(2)).map(|_| ()),
            padded(&Value::Bytes(vec![0; 3]), 2).map(|_| ()),
            time(&Value::Time(86_400_000)).map(|_| ()),
            time(&Value::Time(-1)).map(|_| ()),
            timestamp(&Value::Timestamp(1), 3).map(|_| ()),
            date(&Value::Timestamp(1)).map(|_| ()),
            list(&Value::Text("a".into())).map(|_| ()),
        ];
        let sentences: Vec<String> =
            refusals.into_iter().map(|refusal| refusal.expect_err("it does not fit")).collect();
        assert_eq!(
            sentences,
            [
                "is 128",
                "is text",
                "is a whole number",
                "is beyond the range of 4 bytes",
                "has more than 2 digits",
                "has 4 characters",
                "has 3 bytes",
                "has 3 bytes",
                "is not a time of day",
                "is not a time of day",
                "has finer fractions of a second",
                "is a timestamp",
                "is text",
            ]
        );
    }

    #[test]
    fn what_just_fits_is_kept_exactly() {
        assert_eq!(int::<i8>(&Value::Int(-128)), Ok(-128));
        assert_eq!(text(&Value::Text("租赁合同".into()), Some(4)), Ok("租赁合同"));
        assert_eq!(padded(&Value::Bytes(vec![7]), 3), Ok(vec![7, 0, 0]));
        assert_eq!(decimal(&Value::Decimal(-99), 2), Ok(-99));
        let widest = 10_i128.pow(38) - 1;
        assert_eq!(decimal(&Value::Decimal(widest), 38), Ok(widest));
        assert_eq!(timestamp(&Value::Timestamp(-1_000_000), 0), Ok(-1));
        assert_eq!(timestamp(&Value::Timestamp(-1_500_000), 1), Ok(-1_500));
        assert_eq!(timestamp(&Value::Timestamp(i64::MIN), 6), Ok(i64::MIN));
        assert!(float(&Value::Float(f64::NAN)).is_ok_and(f32::is_nan));
    }
}
