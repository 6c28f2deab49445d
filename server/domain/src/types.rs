//! The one table from a source's type to the lake's type, with what is lost.
//!
//! It mirrors what the Paimon CDC actions do, so that a table copied here can be handed to Flink later.

use json::FromJson;
use serde::{Deserialize, Serialize};

/// A type of the lake, by Paimon's names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, FromJson)]
#[serde(rename_all = "snake_case")]
pub enum LakeType {
    /// BOOLEAN
    Boolean,
    /// TINYINT, 1 byte
    TinyInt,
    /// SMALLINT, 2 bytes
    SmallInt,
    /// INT, 4 bytes
    Int,
    /// BIGINT, 8 bytes
    BigInt,
    /// FLOAT
    Float,
    /// DOUBLE
    Double,
    /// DECIMAL(precision 1 to 38, scale)
    Decimal(u8, u8),
    /// CHAR(n)
    Char(u32),
    /// VARCHAR(n)
    VarChar(u32),
    /// STRING
    String,
    /// BINARY(n)
    Binary(u32),
    /// VARBINARY(n)
    VarBinary(u32),
    /// BYTES
    Bytes,
    /// DATE
    Date,
    /// TIME(0) to TIME(3), milliseconds at most
    Time,
    /// TIMESTAMP(0 to 6), without zone
    Timestamp(u8),
    /// `ARRAY<STRING>`
    StringArray,
}

/// What a value may lose on its way into the lake.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, FromJson)]
#[serde(rename_all = "snake_case")]
pub enum Loss {
    /// More than 38 digits: kept as text.
    DecimalAsText,
    /// A spatial value: kept as text.
    SpatialAsText,
    /// Fractions of a second below a millisecond are cut.
    TimeCut,
    /// The declared type says little; kept as text.
    KeptAsText,
}

impl LakeType {
    /// The type as Paimon spells it, e.g. `DECIMAL(20, 0)`.
    pub fn paimon(&self) -> String {
        match self {
            Self::Boolean => "BOOLEAN".into(),
            Self::TinyInt => "TINYINT".into(),
            Self::SmallInt => "SMALLINT".into(),
            Self::Int => "INT".into(),
            Self::BigInt => "BIGINT".into(),
            Self::Float => "FLOAT".into(),
            Self::Double => "DOUBLE".into(),
            Self::Decimal(precision, scale) => format!("DECIMAL({precision}, {scale})"),
            Self::Char(length) => format!("CHAR({length})"),
            Self::VarChar(length) => format!("VARCHAR({length})"),
            Self::String => "STRING".into(),
            Self::Binary(length) => format!("BINARY({length})"),
            Self::VarBinary(length) => format!("VARBINARY({length})"),
            Self::Bytes => "BYTES".into(),
            Self::Date => "DATE".into(),
            // Milliseconds are kept all the same; a job of Flink that takes the table over declares TIME(0).
            Self::Time => "TIME(0)".into(),
            Self::Timestamp(precision) => format!("TIMESTAMP({precision})"),
            Self::StringArray => "ARRAY<STRING>".into(),
        }
    }
}

/// A declared type that the lake cannot hold.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the lake has no type for `{declared}`")]
pub struct NoLakeType {
    /// The declaration, as the source spells it.
    pub declared: String,
}

/// The lake's type for a type as a source declares it, e.g. `bigint unsigned`, and what is lost.
///
/// ```
/// use domain::types::{LakeType, lake_type};
/// assert_eq!(lake_type("BIGINT unsigned"), Ok((LakeType::Decimal(20, 0), None)));
/// assert!(lake_type("inet6").is_err());
/// ```
pub fn lake_type(declared: &str) -> Result<(LakeType, Option<Loss>), NoLakeType> {
    Declaration::parse(declared)
        .and_then(|declaration| declaration.lake_type())
        .ok_or_else(|| NoLakeType { declared: declared.to_owned() })
}

/// A declaration in its parts: `DECIMAL(38,10) unsigned zerofill` is `decimal unsigned`, 38, 10.
struct Declaration {
    words: String,
    first: Option<u32>,
    second: Option<u32>,
}

impl Declaration {
    fn parse(declared: &str) -> Option<Self> {
        // Their values may hold whatever ends or opens something below.
        if let Some(words) = ["enum", "set"].into_iter().find(|word| is_list(declared, word)) {
            return Some(Self { words: words.to_owned(), first: None, second: None });
        }
        // MariaDB writes `datetime /* mariadb-5.3 */`.
        let lower = declared.split("/*").next().unwrap_or_default().trim().to_lowercase();
        let Some((before, rest)) = lower.split_once('(') else {
            return Some(Self { words: words(&lower), first: None, second: None });
        };
        let (inside, after) = rest.rsplit_once(')')?;
        let words = words(&format!("{before} {after}"));
        let mut numbers = inside.split(',').map(|number| number.trim().parse::<u32>().ok());
        let first = Some(numbers.next()??);
        let second = match numbers.next() {
            Some(number) => Some(number?),
            None => None,
        };
        numbers.next().is_none().then_some(Self { words, first, second })
    }

    fn lake_type(&self) -> Option<(LakeType, Option<Loss>)> {
        if let Some(kind) = self.number().or_else(|| self.text_or_bytes()) {
            return Some((kind, None));
        }
        match self.words.as_str() {
            "decimal" | "decimal unsigned" | "numeric" | "numeric unsigned" | "dec" | "fixed" => self.decimal(),
            "date" => Some((LakeType::Date, None)),
            "time" => {
                let digits = self.first.unwrap_or(0);
                (digits <= 6).then_some((LakeType::Time, (digits > 3).then_some(Loss::TimeCut)))
            }
            "datetime" | "timestamp" => {
                let digits = u8::try_from(self.first.unwrap_or(0)).ok()?;
                (digits <= 6).then_some((LakeType::Timestamp(digits), None))
            }
            "geometry" | "point" | "linestring" | "polygon" | "multipoint" | "multilinestring" | "multipolygon"
            | "geometrycollection" | "geomcollection" => Some((LakeType::String, Some(Loss::SpatialAsText))),
            // SQLite lets a column go without a type.
            "" => Some((LakeType::String, Some(Loss::KeptAsText))),
            _ => None,
        }
    }

    fn number(&self) -> Option<LakeType> {
        Some(match (self.words.as_str(), self.first) {
            ("bit", None | Some(1)) | ("bool" | "boolean", None) | ("tinyint", Some(1)) => LakeType::Boolean,
            ("bit", Some(bits @ 2..=64)) => LakeType::Binary(bits.div_ceil(8)),
            ("tinyint", _) => LakeType::TinyInt,
            ("tinyint unsigned" | "smallint", _) => LakeType::SmallInt,
            ("smallint unsigned" | "mediumint" | "int" | "year", _) => LakeType::Int,
            // MySQL itself always says `int`; `integer` is how SQLite spells its number of 8 bytes.
            ("mediumint unsigned" | "int unsigned" | "integer unsigned" | "integer" | "bigint", _) => LakeType::BigInt,
            ("bigint unsigned" | "serial", _) => LakeType::Decimal(20, 0),
            ("float" | "float unsigned", _) => LakeType::Float,
            ("double" | "double unsigned" | "double precision" | "real" | "real unsigned", _) => LakeType::Double,
            _ => return None,
        })
    }

    fn text_or_bytes(&self) -> Option<LakeType> {
        let length = self.first.filter(|&length| length > 0);
        Some(match (self.words.as_str(), length) {
            ("char", Some(length)) => LakeType::Char(length),
            ("varchar", Some(length)) => LakeType::VarChar(length),
            ("char" | "varchar", None) => LakeType::String,
            ("tinytext" | "text" | "mediumtext" | "longtext" | "json" | "enum", _) => LakeType::String,
            ("binary" | "varbinary", Some(length)) => LakeType::VarBinary(length),
            ("binary" | "varbinary", None) => LakeType::Bytes,
            ("tinyblob" | "blob" | "mediumblob" | "longblob", _) => LakeType::Bytes,
            ("set", _) => LakeType::StringArray,
            _ => return None,
        })
    }

    /// Without digits Paimon takes 38 and 18; MySQL always tells them.
    fn decimal(&self) -> Option<(LakeType, Option<Loss>)> {
        let (precision, scale) = match (self.first, self.second) {
            (None, _) => (38, 18),
            (Some(0), scale) => (10, scale.unwrap_or(0)),
            (Some(precision), scale) => (precision, scale.unwrap_or(0)),
        };
        if scale > precision {
            return None;
        }
        if precision > 38 {
            return Some((LakeType::String, Some(Loss::DecimalAsText)));
        }
        let (precision, scale) = (u8::try_from(precision).ok()?, u8::try_from(scale).ok()?);
        Some((LakeType::Decimal(precision, scale), None))
    }
}

/// Is it the declaration of a list of values: `enum('a','b')`.
fn is_list(declared: &str, word: &str) -> bool {
    let declared = declared.trim();
    let begins = declared.get(..word.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(word));
    begins && declared[word.len()..].trim_start().starts_with('(') && declared.ends_with(')')
}

/// The words that matter, one space between them.
fn words(text: &str) -> String {
    let kept: Vec<&str> = text.split_whitespace().filter(|word| !matches!(*word, "signed" | "zerofill")).collect();
    kept.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn paimon(declared: &str) -> String {
        let (kind, loss) = lake_type(declared).unwrap_or_else(|refused| panic!("{refused}"));
        match loss {
            Some(loss) => format!("{} {loss:?}", kind.paimon()),
            None => kind.paimon(),
        }
    }

    #[test]
    fn every_declared_number_has_its_type() {
        for (declared, expected) in [
            ("bit", "BOOLEAN"),
            ("bit(1)", "BOOLEAN"),
            ("BIT(8)", "BINARY(1)"),
            ("bit(9)", "BINARY(2)"),
            ("bit(64)", "BINARY(8)"),
            ("bool", "BOOLEAN"),
            ("tinyint(1)", "BOOLEAN"),
            ("tinyint", "TINYINT"),
            ("tinyint(4)", "TINYINT"),
            ("tinyint(1) unsigned", "SMALLINT"),
            ("tinyint(3) unsigned zerofill", "SMALLINT"),
            ("smallint", "SMALLINT"),
            ("smallint unsigned", "INT"),
            ("mediumint(9)", "INT"),
            ("mediumint unsigned", "BIGINT"),
            ("INT", "INT"),
            ("int(11) signed", "INT"),
            ("int(10) unsigned", "BIGINT"),
            ("integer", "BIGINT"),
            ("year", "INT"),
            ("year(4)", "INT"),
            ("bigint(20)", "BIGINT"),
            ("Bigint  Unsigned", "DECIMAL(20, 0)"),
            ("bigint(20) unsigned", "DECIMAL(20, 0)"),
            ("serial", "DECIMAL(20, 0)"),
            ("float", "FLOAT"),
            ("float(7,4)", "FLOAT"),
            ("float unsigned", "FLOAT"),
            ("double", "DOUBLE"),
            ("double(10, 2)", "DOUBLE"),
            ("DOUBLE PRECISION", "DOUBLE"),
            ("real", "DOUBLE"),
            ("decimal", "DECIMAL(38, 18)"),
            ("decimal(10)", "DECIMAL(10, 0)"),
            ("decimal(38,10)", "DECIMAL(38, 10)"),
            ("decimal(12, 2) unsigned", "DECIMAL(12, 2)"),
            ("numeric(9,9)", "DECIMAL(9, 9)"),
            ("decimal(39,0)", "STRING DecimalAsText"),
            ("decimal(65,30)", "STRING DecimalAsText"),
        ] {
            assert_eq!(paimon(declared), expected, "{declared}");
        }
    }

    #[test]
    fn every_other_declared_type_has_its_type() {
        for (declared, expected) in [
            ("char(18)", "CHAR(18)"),
            ("varchar(128)", "VARCHAR(128)"),
            ("varchar", "STRING"),
            ("char(0)", "STRING"),
            ("tinytext", "STRING"),
            ("text", "STRING"),
            ("LONGTEXT", "STRING"),
            ("json", "STRING"),
            ("enum('a','b)','(c')", "STRING"),
            ("enum('a/*b','c(')", "STRING"),
            ("ENUM ('a')", "STRING"),
            ("set('甲','乙')", "ARRAY<STRING>"),
            ("set('/*')", "ARRAY<STRING>"),
            ("binary(16)", "VARBINARY(16)"),
            ("varbinary(255)", "VARBINARY(255)"),
            ("varbinary", "BYTES"),
            ("longblob", "BYTES"),
            ("date", "DATE"),
            ("time", "TIME(0)"),
            ("time(3)", "TIME(0)"),
            ("time(6)", "TIME(0) TimeCut"),
            ("datetime", "TIMESTAMP(0)"),
            ("datetime(6)", "TIMESTAMP(6)"),
            ("timestamp(3)", "TIMESTAMP(3)"),
            ("datetime /* mariadb-5.3 */", "TIMESTAMP(0)"),
            ("point", "STRING SpatialAsText"),
            ("geomcollection", "STRING SpatialAsText"),
            ("", "STRING KeptAsText"),
        ] {
            assert_eq!(paimon(declared), expected, "{declared}");
        }
    }

    #[test]
    fn what_the_lake_cannot_hold_is_refused_in_a_sentence() {
        for declared in [
            "uuid",
            "inet6",
            "vector(3)",
            "datetime(7)",
            "time(9)",
            "decimal(5,6)",
            "varchar(max)",
            "int(",
            "bit(65)",
            "decimal(1,2,3)",
            "bigint sideways",
            "varchar(-1)",
            "enum('a'",
            "enumeration('a')",
            "decimal(99999999999)",
            ")(",
        ] {
            assert!(lake_type(declared).is_err(), "{declared}");
        }
        assert_eq!(lake_type("UUID").expect_err("no such type").to_string(), "the lake has no type for `UUID`");
    }
}
