//! A value as the server tells it, in the form of its column's lake type; and how to ask for it so that nothing is lost.

use domain::column::Column;
use domain::types::{LakeType, Loss};
use domain::value::Value;

use super::super::reading::Want;
use super::super::text::{self, Misfit};
use super::session::quoted;

/// How a column is asked for.
///
/// A `float` is told with six digits, which is fewer than it has, so it is asked for as a double. A spatial value comes
/// as `GeoJSON`.
pub fn expression(column: &Column) -> String {
    let name = quoted(&column.name);
    match (column.lake_type, column.loss) {
        (Some(LakeType::Float), _) => format!("{name} * 1e0"),
        (_, Some(Loss::SpatialAsText)) => format!("ST_AsGeoJSON({name})"),
        _ => name,
    }
}

/// Converts what the server told, or says why it does not fit.
pub fn convert(want: &Want, told: Option<&[u8]>) -> Result<Value, Misfit> {
    let Some(bytes) = told else {
        let refused = Misfit("NULL is stored in a column of the primary key".into());
        return if want.is_key { Err(refused) } else { Ok(Value::Null) };
    };
    match want.kind {
        LakeType::Binary(_) | LakeType::VarBinary(_) | LakeType::Bytes => return text::bytes(want.kind, bytes),
        // BIT(1) comes as a byte, TINYINT(1) as a digit.
        LakeType::Boolean if matches!(bytes, [0 | 1]) => return Ok(Value::Bool(bytes == [1])),
        _ => {}
    }
    let told = std::str::from_utf8(bytes).map_err(|_| Misfit("a text is stored that is not UTF-8".into()))?;
    if !want.is_key && is_zero_date(want.kind, told) {
        return Ok(Value::Null);
    }
    text::value(want.kind, told)
}

/// A date of only zeros is how MySQL spells "no date" where NULL is not allowed; every reader of its changes takes it so.
/// A date with some zeros means something, and is refused.
fn is_zero_date(kind: LakeType, told: &str) -> bool {
    let is_dated = matches!(kind, LakeType::Date | LakeType::Timestamp(_));
    is_dated && told.starts_with("0000-00-00") && !told.bytes().any(|byte| matches!(byte, b'1'..=b'9'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(kind: LakeType, told: &str) -> Result<Value, Misfit> {
        convert(&Want { name: "c".into(), kind, loss: None, is_key: false }, Some(told.as_bytes()))
    }

    #[test]
    fn a_date_of_only_zeros_is_no_date() {
        assert_eq!(told(LakeType::Date, "0000-00-00"), Ok(Value::Null));
        assert_eq!(told(LakeType::Timestamp(6), "0000-00-00 00:00:00.000000"), Ok(Value::Null));
        for (kind, text) in [
            (LakeType::Date, "2024-00-00"),
            (LakeType::Date, "2024-05-00"),
            (LakeType::Timestamp(0), "0000-00-00 00:00:01"),
        ] {
            assert!(told(kind, text).is_err(), "{text}");
        }
        let key = Want { name: "c".into(), kind: LakeType::Date, loss: None, is_key: true };
        assert!(convert(&key, Some(b"0000-00-00")).is_err(), "a key is never empty");
        assert_eq!(told(LakeType::String, "0000-00-00"), Ok(Value::Text("0000-00-00".into())));
    }

    #[test]
    fn what_is_not_the_columns_is_refused_without_telling_it() {
        let rubbish =
            convert(&Want { name: "c".into(), kind: LakeType::String, loss: None, is_key: false }, Some(&[0xff, 0xfe]));
        assert_eq!(rubbish, Err(Misfit("a text is stored that is not UTF-8".into())));
        assert!(told(LakeType::Boolean, "2").is_err());
        assert_eq!(told(LakeType::Boolean, "1"), Ok(Value::Bool(true)));
        assert_eq!(told(LakeType::Boolean, "\u{1}"), Ok(Value::Bool(true)));
        assert!(told(LakeType::Time, "838:59:59").is_err());
        assert!(told(LakeType::Time, "-01:00:00").is_err());
    }

    #[test]
    fn zeros_in_front_change_no_number() {
        assert_eq!(told(LakeType::Int, "00042"), Ok(Value::Int(42)));
        assert_eq!(
            told(LakeType::Decimal(20, 0), "00018446744073709551615"),
            Ok(Value::Decimal(18_446_744_073_709_551_615))
        );
        assert_eq!(told(LakeType::Int, "0000"), Ok(Value::Int(0)), "a year");
    }
}
