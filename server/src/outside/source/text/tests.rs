//! What each lake type takes from text, and what it refuses.

use super::*;

const MAX: &str = "9999999999999999999999999999.9999999999";

fn good(kind: LakeType, text: &str) -> Value {
    value(kind, text).unwrap_or_else(|misfit| panic!("{text:?}: {misfit}"))
}

#[test]
fn decimals_keep_every_digit() {
    for (text, precision, scale, expected) in [
        ("1.5", 10, 2, 150),
        ("-1.50", 10, 2, -150),
        ("+7", 3, 0, 7),
        ("0.0000000001", 38, 10, 1),
        (".5", 2, 1, 5),
        ("5.", 2, 1, 50),
        ("1.5000", 3, 1, 15),
        ("00012", 2, 0, 12),
        ("18446744073709551615", 20, 0, 18_446_744_073_709_551_615),
        (MAX, 38, 10, 99_999_999_999_999_999_999_999_999_999_999_999_999),
    ] {
        assert_eq!(decimal(text, precision, scale), Ok(expected), "{text}");
    }
    for (text, precision, scale) in [
        ("1.55", 10, 1),
        ("100", 2, 0),
        ("1e3", 10, 0),
        ("", 5, 0),
        (".", 5, 1),
        ("--1", 5, 0),
        ("１", 5, 0),
        ("nan", 5, 0),
    ] {
        assert!(decimal(text, precision, scale).is_err(), "{text}");
    }
}

#[test]
fn dates_and_times_are_read_strictly() {
    assert_eq!(good(LakeType::Date, "1970-01-01"), Value::Date(0));
    assert_eq!(good(LakeType::Date, "2024-02-29"), Value::Date(19_782));
    assert_eq!(good(LakeType::Date, "1969-12-31"), Value::Date(-1));
    assert_eq!(good(LakeType::Time, "23:59:59.999999"), Value::Time(86_399_999));
    assert_eq!(good(LakeType::Timestamp(0), "1970-01-02 00:00:01"), Value::Timestamp(86_401_000_000));
    assert_eq!(good(LakeType::Timestamp(6), "1970-01-01T00:00:00.000001"), Value::Timestamp(1));
    assert_eq!(good(LakeType::Timestamp(3), "1969-12-31 23:59:59.5"), Value::Timestamp(-500_000));
    for (kind, text) in [
        (LakeType::Date, "2023-02-29"),
        (LakeType::Date, "0000-00-00"),
        (LakeType::Date, "20240101"),
        (LakeType::Date, "2024-1-1"),
        (LakeType::Time, "24:00:00"),
        (LakeType::Time, "-01:00:00"),
        (LakeType::Time, "838:59:59"),
        (LakeType::Timestamp(3), "2024-01-01 00:00:00.1234"),
        (LakeType::Timestamp(0), "2024-01-01"),
        (LakeType::Timestamp(6), "2024-01-01 00:00:00Z"),
        (LakeType::Timestamp(6), "2024-01-01 00:00:00."),
    ] {
        assert!(value(kind, text).is_err(), "{kind:?} {text}");
    }
}

#[test]
fn numbers_stay_within_their_type() {
    assert_eq!(whole(LakeType::TinyInt, -128), Ok(Value::Int(-128)));
    assert_eq!(whole(LakeType::Boolean, 1), Ok(Value::Bool(true)));
    assert_eq!(whole(LakeType::Binary(2), 258), Ok(Value::Bytes(vec![1, 2])));
    assert_eq!(whole(LakeType::Binary(8), -1), Ok(Value::Bytes(vec![255; 8])));
    assert_eq!(whole(LakeType::Decimal(20, 0), 7), Ok(Value::Decimal(7)));
    for (kind, number) in [
        (LakeType::TinyInt, 128),
        (LakeType::SmallInt, 40_000),
        (LakeType::Int, 2_147_483_648),
        (LakeType::Boolean, 2),
        (LakeType::Binary(1), 256),
        (LakeType::Date, 0),
        (LakeType::Decimal(3, 0), 1_000),
    ] {
        assert!(whole(kind, number).is_err(), "{kind:?} {number}");
    }
}

#[test]
fn texts_and_bytes_stay_within_their_length() {
    assert_eq!(good(LakeType::VarChar(2), "租赁"), Value::Text("租赁".into()));
    assert!(value(LakeType::VarChar(1), "租赁").is_err());
    assert_eq!(bytes(LakeType::VarBinary(2), &[1, 2]), Ok(Value::Bytes(vec![1, 2])));
    assert!(bytes(LakeType::VarBinary(1), &[1, 2]).is_err());
    assert_eq!(bytes(LakeType::Binary(3), &[9]), Ok(Value::Bytes(vec![0, 0, 9])));
    assert!(bytes(LakeType::Date, &[9]).is_err());
    assert_eq!(good(LakeType::StringArray, "a,b"), Value::List(vec!["a".into(), "b".into()]));
    assert_eq!(good(LakeType::StringArray, ""), Value::List(Vec::new()));
}

#[test]
fn an_error_does_not_tell_the_value() {
    let misfit = value(LakeType::Date, "13800001111").expect_err("no date");
    assert_eq!(misfit.to_string(), "a text is stored that is not a DATE");
}
