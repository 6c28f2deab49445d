//! Values read from text, exactly.
//!
//! Why it exists: sources hand out decimals, dates and times as text, and no digit may change on the way.
//! Invariant: no value passes through a floating number unless its type is one; no value appears in an error.

use chrono::{NaiveDate, NaiveDateTime, NaiveTime, Timelike};
use domain::types::LakeType;
use domain::value::Value;

/// Why a value does not fit; the value itself is left out, it may be somebody's.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Misfit(pub String);

impl Misfit {
    /// The stored form and the declared type do not go together.
    pub fn stored(what: &str, kind: LakeType) -> Self {
        Self(format!("a {what} is stored where {} is declared", kind.paimon()))
    }

    fn not(kind: LakeType) -> Self {
        Self(format!("a text is stored that is not a {}", kind.paimon()))
    }
}

/// The value that `text` spells, in the form that `kind` wants.
pub fn value(kind: LakeType, text: &str) -> Result<Value, Misfit> {
    match kind {
        LakeType::Boolean | LakeType::TinyInt | LakeType::SmallInt | LakeType::Int | LakeType::BigInt => {
            whole(kind, text.parse().map_err(|_| Misfit::not(kind))?)
        }
        LakeType::Float | LakeType::Double => text.parse().map(Value::Float).map_err(|_| Misfit::not(kind)),
        LakeType::Decimal(precision, scale) => decimal(text, precision, scale).map(Value::Decimal),
        LakeType::Char(length) | LakeType::VarChar(length) => sized(kind, text, length),
        LakeType::String => Ok(Value::Text(text.to_owned())),
        LakeType::VarBinary(_) | LakeType::Bytes => bytes(kind, text.as_bytes()),
        LakeType::Binary(_) => Err(Misfit::stored("text", kind)),
        LakeType::Date => date(text).map(Value::Date),
        LakeType::Time => time(text).map(Value::Time),
        LakeType::Timestamp(digits) => timestamp(text, digits).map(Value::Timestamp),
        LakeType::StringArray if text.is_empty() => Ok(Value::List(Vec::new())),
        LakeType::StringArray => Ok(Value::List(text.split(',').map(str::to_owned).collect())),
    }
}

/// A whole number, in the form that `kind` wants.
pub fn whole(kind: LakeType, number: i64) -> Result<Value, Misfit> {
    let (low, high) = match kind {
        LakeType::Boolean if number == 0 || number == 1 => return Ok(Value::Bool(number == 1)),
        LakeType::Boolean => {
            return Err(Misfit("a number other than 0 and 1 is stored where BOOLEAN is declared".into()));
        }
        LakeType::TinyInt => (i64::from(i8::MIN), i64::from(i8::MAX)),
        LakeType::SmallInt => (i64::from(i16::MIN), i64::from(i16::MAX)),
        LakeType::Int => (i64::from(i32::MIN), i64::from(i32::MAX)),
        LakeType::BigInt => return Ok(Value::Int(number)),
        LakeType::Decimal(precision, scale) => {
            return decimal(&number.to_string(), precision, scale).map(Value::Decimal);
        }
        LakeType::Binary(length) => return bits(number, length),
        LakeType::Char(length) | LakeType::VarChar(length) => return sized(kind, &number.to_string(), length),
        LakeType::String => return Ok(Value::Text(number.to_string())),
        LakeType::StringArray => return Ok(Value::List(vec![number.to_string()])),
        LakeType::Float
        | LakeType::Double
        | LakeType::VarBinary(_)
        | LakeType::Bytes
        | LakeType::Date
        | LakeType::Time
        | LakeType::Timestamp(_) => return Err(Misfit::stored("whole number", kind)),
    };
    if (low..=high).contains(&number) {
        Ok(Value::Int(number))
    } else {
        Err(Misfit(format!("a number is stored that is too large for {}", kind.paimon())))
    }
}

/// Bytes, in the form that `kind` wants.
pub fn bytes(kind: LakeType, bytes: &[u8]) -> Result<Value, Misfit> {
    let fits = |length: u32| usize::try_from(length).is_ok_and(|length| bytes.len() <= length);
    match kind {
        LakeType::VarBinary(length) if !fits(length) => Err(longer(kind)),
        LakeType::Binary(length) if !fits(length) => Err(longer(kind)),
        LakeType::VarBinary(_) | LakeType::Bytes => Ok(Value::Bytes(bytes.to_vec())),
        // Only BIT(n) becomes BINARY: a number, so zeros go in front.
        LakeType::Binary(length) => {
            let mut padded = vec![0; usize::try_from(length).unwrap_or(bytes.len()) - bytes.len()];
            padded.extend_from_slice(bytes);
            Ok(Value::Bytes(padded))
        }
        _ => Err(Misfit::stored("run of bytes", kind)),
    }
}

/// `text` as an unscaled number: `1.50` with scale 2 is 150.
pub fn decimal(text: &str, precision: u8, scale: u8) -> Result<i128, Misfit> {
    let kind = LakeType::Decimal(precision, scale);
    let (negative, whole, fraction) = digits(text).ok_or_else(|| Misfit::not(kind))?;
    let (kept, cut) = fraction.split_at(fraction.len().min(usize::from(scale)));
    if cut.bytes().any(|digit| digit != b'0') {
        return Err(Misfit(format!("a number is stored with more than {scale} digits after the point")));
    }
    let zeros = usize::from(scale) - kept.len();
    let mut unscaled: i128 = 0;
    for digit in whole.bytes().chain(kept.bytes()).chain(std::iter::repeat_n(b'0', zeros)) {
        unscaled = unscaled
            .checked_mul(10)
            .and_then(|number| number.checked_add(i128::from(digit - b'0')))
            .filter(|number| *number < 10_i128.pow(u32::from(precision.min(38))))
            .ok_or_else(|| Misfit(format!("a number is stored that is too large for {}", kind.paimon())))?;
    }
    Ok(if negative { -unscaled } else { unscaled })
}

/// Is `text` a plain decimal number, of any size.
pub fn is_decimal(text: &str) -> bool {
    digits(text).is_some()
}

/// Sign, digits before and digits after the point.
fn digits(text: &str) -> Option<(bool, &str, &str)> {
    let (negative, rest) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let (whole, fraction) = rest.split_once('.').unwrap_or((rest, ""));
    let plain = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    let some = !whole.is_empty() || !fraction.is_empty();
    (some && plain(whole) && plain(fraction)).then_some((negative, whole, fraction))
}

/// Days since 1970-01-01.
fn date(text: &str) -> Result<i32, Misfit> {
    let day = calendar(text).ok_or_else(|| Misfit::not(LakeType::Date))?;
    Ok(day.to_epoch_days())
}

/// Milliseconds since midnight; digits below a millisecond are cut.
fn time(text: &str) -> Result<i32, Misfit> {
    let (clock, micros) = clock(text).ok_or_else(|| Misfit("a time is stored that is not within one day".into()))?;
    let millis = clock.num_seconds_from_midnight() * 1_000 + micros / 1_000;
    Ok(i32::try_from(millis).expect("a day has fewer than 2^31 milliseconds"))
}

/// Microseconds since 1970-01-01T00:00:00 of the same wall clock.
fn timestamp(text: &str, digits: u8) -> Result<i64, Misfit> {
    let kind = LakeType::Timestamp(digits);
    let parts = text.split_once([' ', 'T']).and_then(|(day, time)| Some((calendar(day)?, clock(time)?)));
    let (day, (clock, micros)) = parts.ok_or_else(|| Misfit::not(kind))?;
    if micros % 10_u32.pow(6 - u32::from(digits.min(6))) != 0 {
        return Err(Misfit(format!("a time is stored with more than {digits} digits after the point")));
    }
    Ok(NaiveDateTime::new(day, clock).and_utc().timestamp() * 1_000_000 + i64::from(micros))
}

/// `2026-11-25`, strictly.
fn calendar(text: &str) -> Option<NaiveDate> {
    let mut parts = text.split('-');
    let (year, month, day) = (part(parts.next()?, 4)?, part(parts.next()?, 2)?, part(parts.next()?, 2)?);
    let year = i32::try_from(year).ok()?;
    parts.next().is_none().then(|| NaiveDate::from_ymd_opt(year, month, day))?
}

/// `23:59:59` with up to six digits of a fraction, strictly: the clock and the microseconds.
fn clock(text: &str) -> Option<(NaiveTime, u32)> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
    let mut parts = whole.split(':');
    let (hour, minute, second) = (part(parts.next()?, 2)?, part(parts.next()?, 2)?, part(parts.next()?, 2)?);
    if parts.next().is_some() || fraction.len() > 6 {
        return None;
    }
    let width = fraction.len();
    let micros = part(fraction, width)? * 10_u32.pow(6 - u32::try_from(width).ok()?);
    Some((NaiveTime::from_hms_opt(hour, minute, second)?, micros))
}

/// A number of exactly `width` digits.
fn part(text: &str, width: usize) -> Option<u32> {
    let plain = text.len() == width && text.bytes().all(|byte| byte.is_ascii_digit());
    plain.then(|| text.parse().ok())?
}

fn sized(kind: LakeType, text: &str, length: u32) -> Result<Value, Misfit> {
    if usize::try_from(length).is_ok_and(|length| text.chars().count() > length) {
        return Err(longer(kind));
    }
    Ok(Value::Text(text.to_owned()))
}

/// BIT(n) as bytes, the highest first.
fn bits(number: i64, length: u32) -> Result<Value, Misfit> {
    let all = number.to_be_bytes();
    let width = usize::try_from(length).unwrap_or(all.len()).min(all.len());
    let (above, kept) = all.split_at(all.len() - width);
    if above.iter().any(|byte| *byte != 0) {
        return Err(longer(LakeType::Binary(length)));
    }
    Ok(Value::Bytes(kept.to_vec()))
}

fn longer(kind: LakeType) -> Misfit {
    Misfit(format!("a value is stored that is longer than {}", kind.paimon()))
}

#[cfg(test)]
mod tests;
