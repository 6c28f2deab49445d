//! Each finding by an example, and what is common to all.

use super::*;
use crate::cause::Who;
use crate::column::Column;
use crate::request::AskedTable;
use crate::types::lake_type;

fn name(table: &str) -> TableName {
    TableName::parse("lease", table).expect("a name")
}

fn column(text: &str) -> Column {
    let (name, declared) = text.split_once(' ').expect("a name and a type");
    let (kind, loss) = lake_type(declared).map_or((None, None), |(kind, loss)| (Some(kind), loss));
    let (name, source_type) = (name.parse().expect("a name"), declared.to_owned());
    Column { name, source_type, nullable: true, comment: String::new(), lake_type: kind, loss }
}

fn shape(columns: &[&str], key: &[&str]) -> TableShape {
    let primary_key = key.iter().map(|name| name.parse().expect("a name")).collect();
    TableShape {
        name: name("contract"),
        comment: String::new(),
        columns: columns.iter().map(|text| column(text)).collect(),
        primary_key,
    }
}

const EMBEDDED: Limits = Limits { bytes: Some(20_000_000_000), follows: false };

/// Codes and statements of what is found about a shape.
fn found(shape: &TableShape, bytes: Option<u64>, limits: Limits) -> Vec<(Code, String)> {
    let (table, target) = (name("contract"), name("target"));
    let place = Place { target: Some(&target), ..Place::default() };
    let facts = Facts {
        table: &table,
        known: Known::Shape(shape, bytes),
        retired: false,
        dialect: Dialect::Mysql,
        limits,
        place,
    };
    findings(&facts).into_iter().map(|finding| (finding.code, finding.sql)).collect()
}

fn codes(columns: &[&str], key: &[&str]) -> Vec<Code> {
    found(&shape(columns, key), None, EMBEDDED).into_iter().map(|(code, _)| code).collect()
}

#[test]
fn a_plain_table_is_fine() {
    assert_eq!(codes(&["id int", "signed varchar(32)"], &["id"]), []);
}

#[test]
fn what_the_shape_tells_is_found_worst_first_and_all_at_once() {
    let columns = ["id int", "ID int", "token uuid", "_KEY_x int", "mobile_no int", "at time(6)"];
    let all = [Code::TypeRefused, Code::NameKept, Code::ColumnCase, Code::NoKey, Code::TypeLost, Code::Personal];
    assert_eq!(codes(&columns, &[]), all);
    assert_eq!(codes(&["rowkind int", "id int"], &["id"]), [Code::NameKept]);
}

#[test]
fn a_missing_key_must_be_mended_only_where_the_engine_needs_one() {
    let keyless = shape(&["seen int", "id int"], &[]);
    assert_eq!(found(&keyless, None, EMBEDDED), [(Code::NoKey, String::new())]);
    let needs = Limits { follows: true, ..EMBEDDED };
    let sql = "ALTER TABLE `lease`.`contract`\n  ADD COLUMN `row_id` BIGINT NOT NULL AUTO_INCREMENT FIRST, \
               ADD PRIMARY KEY (`row_id`);";
    assert_eq!(found(&keyless, None, needs), [(Code::KeyNeeded, sql.to_owned())]);
}

#[test]
fn what_stops_or_changes_a_table_matters_only_where_changes_are_followed() {
    let follows = Limits { bytes: None, follows: true };
    for (declared, code) in
        [("varbinary(8)", Code::BytesStop), ("binary(16)", Code::BytesStop), ("blob", Code::BytesChange)]
    {
        let shape = shape(&["id int", &format!("raw {declared}")], &["id"]);
        assert_eq!(found(&shape, None, EMBEDDED), [], "{declared}");
        let codes: Vec<_> = found(&shape, None, follows).into_iter().map(|(code, _)| code).collect();
        assert_eq!(codes, [code], "{declared}");
    }
    let fine = shape(&["id int"], &["id"]);
    let codes = |table: &TableName, dialect| {
        let facts = Facts {
            table,
            known: Known::Shape(&fine, None),
            retired: false,
            dialect,
            limits: follows,
            place: Place { target: Some(table), ..Place::default() },
        };
        findings(&facts).into_iter().map(|finding| finding.code).collect::<Vec<_>>()
    };
    assert_eq!(codes(&name("contract"), Dialect::Mysql), []);
    assert_eq!(codes(&name("contract"), Dialect::None), [Code::FileSource]);
    assert_eq!(codes(&name("a$b"), Dialect::Mysql), [Code::LetterOdd]);
}

#[test]
fn a_statement_quotes_whatever_a_name_holds() {
    let odd = shape(&["id int", "a`b;-- uuid"], &["id"]);
    let sql = "ALTER TABLE `lease`.`contract` MODIFY COLUMN `a``b;--` VARCHAR(255);";
    assert_eq!(found(&odd, None, EMBEDDED), [(Code::TypeRefused, sql.to_owned())]);
    let (table, target) = (name("contract"), name("target"));
    let place = Place { target: Some(&target), ..Place::default() };
    let known = Known::Shape(&odd, None);
    let facts = Facts { table: &table, known, retired: false, dialect: Dialect::None, limits: EMBEDDED, place };
    assert_eq!(findings(&facts)[0].sql, "", "an SQLite file is not mended by a statement");
}

#[test]
fn only_what_is_known_to_be_too_big_is() {
    let plain = shape(&["id int"], &["id"]);
    let code = |bytes, limits| found(&plain, bytes, limits).first().map(|(code, _)| *code);
    assert_eq!(code(Some(20_000_000_001), EMBEDDED), Some(Code::TooBig));
    assert_eq!(code(Some(20_000_000_000), EMBEDDED), None);
    assert_eq!(code(None, EMBEDDED), None);
    assert_eq!(code(Some(u64::MAX), Limits { bytes: None, ..EMBEDDED }), None);
}

#[test]
fn what_was_not_looked_at_is_not_known_and_what_is_not_there_must_be_fixed() {
    let (table, target) = (name("contract"), name("target"));
    let place = Place { target: Some(&target), ..Place::default() };
    let look = |known| {
        let found =
            findings(&Facts { table: &table, known, retired: false, dialect: Dialect::Mysql, limits: EMBEDDED, place });
        (found[0].code, worst(&found))
    };
    assert_eq!(look(Known::Missing), (Code::NoSuchTable, Some(Severity::MustFix)));
    assert_eq!(look(Known::NotRead), (Code::NotRead, Some(Severity::NotKnown)));
    assert_eq!(worst(&[]), None);
}

#[test]
fn nothing_new_comes_from_a_retired_source_but_what_is_brought_can_be_read() {
    let plain = shape(&["id int", "mobile_no int"], &["id"]);
    let (table, target) = (name("contract"), name("target"));
    let look = |brought| {
        let place = Place { target: Some(&target), brought, ..Place::default() };
        let known = Known::Shape(&plain, None);
        let facts = Facts { table: &table, known, retired: true, dialect: Dialect::Mysql, limits: EMBEDDED, place };
        findings(&facts).into_iter().map(|finding| finding.code).collect::<Vec<_>>()
    };
    assert_eq!(look(None), [Code::SourceRetired, Code::Personal], "what else is to be known stays");
    assert_eq!(look(Some(Brought { who: "Ana", in_lake: true })), [Code::Personal, Code::InLake]);
}

#[test]
fn where_it_goes_is_looked_at_too() {
    let plain = shape(&["id int"], &["id"]);
    let (table, other, target) = (name("contract"), name("other"), name("target"));
    let look = |place: Place<'_>| {
        let known = Known::Shape(&plain, None);
        let found =
            findings(&Facts { table: &table, known, retired: false, dialect: Dialect::Mysql, limits: EMBEDDED, place });
        found.into_iter().map(|finding| finding.code).collect::<Vec<_>>()
    };
    let fine = Place { target: Some(&target), ..Place::default() };
    assert_eq!(look(Place::default()), [Code::NoName]);
    assert_eq!(
        look(Place { twice: Some(&other), taken: Some((&other, "dw")), ..fine }),
        [Code::NameTwice, Code::NameTaken]
    );
    let brought = |in_lake| Some(Brought { who: "Ana", in_lake });
    assert_eq!(look(Place { brought: brought(true), ..fine }), [Code::InLake]);
    assert_eq!(look(Place { brought: brought(false), ..fine }), [Code::AskedFor]);
}

#[test]
fn names_that_differ_only_in_case_are_the_same_in_the_lake() {
    let asked = |source: &str, table: &str| AskedTable { source: source.parse().expect("an id"), table: name(table) };
    let (one, other, third) = (asked("s1", "Contract"), asked("s2", "contract"), asked("s1", "tenant"));
    let mut places = Places::default();
    assert_eq!(places.take(&one.table, &one), None);
    assert_eq!(places.take(&one.table, &one), None, "a table does not stand in its own way");
    assert_eq!(places.take(&other.table, &other), Some(&one));
    assert_eq!(places.take(&third.table, &third), None);
}

#[test]
fn each_finding_that_must_be_fixed_names_who_does_it() {
    for code in Code::ALL {
        let must = code.severity() == Severity::MustFix;
        assert_eq!(must, code.who() != Who::Lakegate, "{code:?}");
    }
    let mut words: Vec<_> = Code::ALL.iter().map(|code| code.word()).collect();
    words.sort_unstable();
    words.dedup();
    assert_eq!(words.len(), Code::ALL.len());
}
