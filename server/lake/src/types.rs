//! The lake's types as Paimon writes them, and which of two holds the other's values.

use domain::types::LakeType;
use serde_json::Value as Json;

/// Paimon's length of STRING and BYTES.
const LONGEST: u32 = i32::MAX as u32;

/// A type as a schema file spells it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Spelled {
    /// The type in words, without NOT NULL, e.g. `DECIMAL(20, 0)`.
    pub text: String,
    /// The type we can write, if it is one.
    pub lake_type: Option<LakeType>,
    /// May it be null.
    pub nullable: bool,
}

/// Reads the `type` of a field: a word, or an object for nested types.
pub(crate) fn spelled(json: &Json) -> Spelled {
    let (word, nullable) = not_null(json.as_str().or_else(|| json["type"].as_str()).unwrap_or(""));
    if json.is_string() {
        return Spelled { text: word.to_owned(), lake_type: parse(word), nullable };
    }
    match json["element"].as_str().map(|text| not_null(text).0) {
        Some(element) if word == "ARRAY" => {
            let strings = parse(element) == Some(LakeType::String);
            let lake_type = strings.then_some(LakeType::StringArray);
            Spelled { text: format!("ARRAY<{element}>"), lake_type, nullable }
        }
        _ => Spelled { text: json.to_string(), lake_type: None, nullable },
    }
}

fn not_null(text: &str) -> (&str, bool) {
    text.strip_suffix(" NOT NULL").map_or((text, true), |word| (word, false))
}

/// Reads a plain type such as `VARCHAR(20)`; `None` for a type that we never write.
fn parse(text: &str) -> Option<LakeType> {
    let (word, numbers) = match text.split_once('(') {
        Some((word, rest)) => (word, numbers(rest.strip_suffix(')')?)?),
        None => (text, Vec::new()),
    };
    Some(match (word.trim(), numbers.as_slice()) {
        ("BOOLEAN", []) => LakeType::Boolean,
        ("TINYINT", []) => LakeType::TinyInt,
        ("SMALLINT", []) => LakeType::SmallInt,
        ("INT" | "INTEGER", []) => LakeType::Int,
        ("BIGINT", []) => LakeType::BigInt,
        ("FLOAT", []) => LakeType::Float,
        ("DOUBLE", []) => LakeType::Double,
        ("DECIMAL", []) => LakeType::Decimal(10, 0),
        ("DECIMAL", [precision]) => LakeType::Decimal(u8::try_from(*precision).ok()?, 0),
        ("DECIMAL", [precision, scale]) => {
            LakeType::Decimal(u8::try_from(*precision).ok()?, u8::try_from(*scale).ok()?)
        }
        ("CHAR", []) => LakeType::Char(1),
        ("CHAR", [length]) => LakeType::Char(*length),
        ("STRING", []) | ("VARCHAR", [LONGEST]) => LakeType::String,
        ("VARCHAR", []) => LakeType::VarChar(1),
        ("VARCHAR", [length]) => LakeType::VarChar(*length),
        ("BINARY", []) => LakeType::Binary(1),
        ("BINARY", [length]) => LakeType::Binary(*length),
        ("BYTES", []) | ("VARBINARY", [LONGEST]) => LakeType::Bytes,
        ("VARBINARY", []) => LakeType::VarBinary(1),
        ("VARBINARY", [length]) => LakeType::VarBinary(*length),
        ("DATE", []) => LakeType::Date,
        ("TIME", [] | [0..=3]) => LakeType::Time,
        ("TIMESTAMP", []) => LakeType::Timestamp(6),
        ("TIMESTAMP", [precision @ 0..=6]) => LakeType::Timestamp(u8::try_from(*precision).ok()?),
        _ => return None,
    })
}

fn numbers(text: &str) -> Option<Vec<u32>> {
    text.split(',').map(|number| number.trim().parse().ok()).collect()
}

/// Does every value of `narrow` fit `wide`, written the same way?
///
/// Decimals of another scale do not: the same unscaled number would mean another value.
#[cfg(feature = "embedded")]
pub(crate) fn covers(wide: LakeType, narrow: LakeType) -> bool {
    use LakeType as T;
    if wide == narrow {
        return true;
    }
    match (wide, narrow) {
        (T::BigInt, T::Int | T::SmallInt | T::TinyInt)
        | (T::Int, T::SmallInt | T::TinyInt)
        | (T::SmallInt, T::TinyInt)
        | (T::Double, T::Float)
        | (T::String, T::VarChar(_) | T::Char(_))
        | (T::Bytes, T::VarBinary(_) | T::Binary(_)) => true,
        (T::Decimal(wide, scale), T::Decimal(narrow, same)) => wide >= narrow && scale == same,
        (T::VarChar(wide) | T::Char(wide), T::Char(narrow))
        | (T::VarChar(wide), T::VarChar(narrow))
        | (T::VarBinary(wide), T::VarBinary(narrow) | T::Binary(narrow)) => wide >= narrow,
        (T::Timestamp(wide), T::Timestamp(narrow)) => wide >= narrow,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn every_type_we_write_is_read_back() {
        use LakeType as T;
        for lake_type in [
            T::Boolean,
            T::TinyInt,
            T::SmallInt,
            T::Int,
            T::BigInt,
            T::Float,
            T::Double,
            T::Decimal(38, 10),
            T::Char(3),
            T::VarChar(20),
            T::String,
            T::Binary(8),
            T::VarBinary(9),
            T::Bytes,
            T::Date,
            T::Time,
            T::Timestamp(6),
        ] {
            let found = spelled(&json!(format!("{} NOT NULL", lake_type.paimon())));
            assert_eq!(found.lake_type, Some(lake_type));
            assert!(!found.nullable);
        }
        let list = spelled(&json!({"type": "ARRAY", "element": "STRING"}));
        assert_eq!(list.lake_type, Some(T::StringArray));
        assert_eq!((list.text.as_str(), list.nullable), ("ARRAY<STRING>", true));
    }

    #[test]
    fn types_of_other_engines_keep_their_words() {
        for text in ["TIMESTAMP(3) WITH LOCAL TIME ZONE", "TIMESTAMP(9)", "VARIANT", "DECIMAL(x)", "TIME(9)"] {
            let found = spelled(&json!(text));
            assert_eq!((found.text.as_str(), found.lake_type), (text, None));
        }
        assert_eq!(spelled(&json!({"type": "ROW", "fields": []})).lake_type, None);
        assert_eq!(spelled(&json!(null)).lake_type, None);
        assert_eq!(spelled(&json!("VARCHAR(2147483647)")).lake_type, Some(LakeType::String));
    }

    #[cfg(feature = "embedded")]
    #[test]
    fn a_wider_type_covers_and_a_narrower_does_not() {
        use LakeType as T;
        for (wide, narrow) in [
            (T::BigInt, T::TinyInt),
            (T::Decimal(20, 2), T::Decimal(10, 2)),
            (T::VarChar(9), T::Char(9)),
            (T::String, T::VarChar(9)),
            (T::Bytes, T::Binary(9)),
            (T::Timestamp(6), T::Timestamp(0)),
            (T::Date, T::Date),
        ] {
            assert!(covers(wide, narrow), "{wide:?} {narrow:?}");
            assert!(wide == narrow || !covers(narrow, wide), "{narrow:?} {wide:?}");
        }
        assert!(!covers(T::Decimal(20, 4), T::Decimal(10, 2)));
        assert!(!covers(T::Char(9), T::VarChar(3)));
        assert!(!covers(T::Binary(9), T::Binary(3)));
        assert!(!covers(T::Decimal(20, 0), T::BigInt));
    }
}
