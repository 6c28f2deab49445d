//! What people paste, line by line; then rubbish.

use std::fmt::Write as _;

use proptest::prelude::*;

use super::*;
use crate::name::TableName;

/// The likeliest reading of one line.
fn read(line: &str) -> Vec<String> {
    let reading = lines(line);
    assert_eq!(reading.written.len(), 1, "{line:?}");
    reading.written[0].readings.first().map(|names| names.iter().map(Named::to_string).collect()).unwrap_or_default()
}

#[test]
fn one_name_is_read_however_it_is_written() {
    for line in [
        "lease.contract",
        "  lease.contract  ",
        "`lease`.`contract`",
        "\"lease\".\"contract\"",
        "'lease.contract'",
        "“lease”.“contract”",
        "lease . contract",
        "lease．contract",
        "lease。contract",
        "lease\tcontract",
        "lease,contract",
        "lease，contract",
        "lease contract",
        "lease　contract",
        "[lease].[contract]",
        "- lease.contract",
        "* lease.contract",
        "12. lease.contract",
        "3) lease.contract",
        "4、lease.contract",
        "lease.contract;",
        "lease.contract,",
        "lease.contract\t合同主表",
        "lease.contract  the contracts",
        "`lease.contract",
        "\u{feff}lease.contract",
    ] {
        let names = lines(line).written.remove(0).readings.remove(0);
        assert_eq!(names, Named::of(&["lease".into(), "contract".into()]).into_iter().collect::<Vec<_>>(), "{line:?}");
    }
    assert_eq!(read("contract"), ["contract"]);
    assert_eq!(read("prod-01.lease.contract"), ["prod-01.lease.contract"]);
    assert_eq!(read("`a``b`.`c d`"), ["a`b.c d"]);
    assert_eq!(read("门店.“合同 主表”"), ["门店.合同 主表"]);
}

#[test]
fn several_names_of_one_line_are_several() {
    assert_eq!(read("lease.contract, lease.tenant；billing.bill"), ["lease.contract", "lease.tenant", "billing.bill"]);
    assert_eq!(read("a, b, c, d"), ["a", "b", "c", "d"]);
    let both = lines("contract, tenant").written.remove(0).readings;
    let both: Vec<Vec<String>> = both.iter().map(|names| names.iter().map(Named::to_string).collect()).collect();
    assert_eq!(both, [vec!["contract.tenant".to_owned()], vec!["contract".into(), "tenant".into()]]);
}

#[test]
fn what_is_no_name_says_so_with_its_line() {
    let reading = lines("lease.contract\n\n../../etc/passwd\n..\na.b.c.d\nlease.\u{0}x\r\nlease.tenant");
    let seen: Vec<_> = reading.written.iter().map(|each| (each.line, each.readings.is_empty())).collect();
    assert_eq!(seen, [(1, false), (3, true), (4, true), (5, true), (6, true), (7, false)]);
    assert_eq!(reading.written[4].text, "lease. x", "no control character is shown back");
}

#[test]
fn names_that_only_look_dangerous_are_names() {
    for name in ["50%_off", "a'b", "😀", "drop table x;--", &"列".repeat(64)] {
        let quoted = format!("lease.`{name}`");
        assert_eq!(read(&quoted), [format!("lease.{name}")], "{name:?}");
    }
}

#[test]
fn more_lines_than_are_taken_are_counted() {
    let mut text = String::new();
    for n in 0..MOST_LINES + 7 {
        writeln!(text, "lease.t{n}").expect("a String takes every write");
    }
    let reading = lines(&text);
    assert_eq!((reading.written.len(), reading.beyond), (MOST_LINES, 7));
    let reading = csv(&text);
    assert_eq!((reading.written.len(), reading.beyond), (MOST_LINES, 7));
}

fn rows(text: &str) -> Vec<String> {
    csv(text)
        .written
        .iter()
        .map(|each| {
            let names = each.readings.first().map(|names| names.iter().map(Named::to_string).collect::<Vec<_>>());
            format!("{} {}", each.line, names.unwrap_or_default().join("+"))
        })
        .collect()
}

#[test]
fn a_file_with_a_header_is_read_by_it() {
    for text in [
        "source,database,table\nprod,lease,contract\n",
        "Table_Name;DB;Source;Remark\r\ncontract;lease;prod;x\r\n",
        "\u{feff}表名\t库名\t数据源\ncontract\tlease\tprod",
        "\"table\",\"schema\",\"source\"\n\"contract\",\"lease\",\"prod\"",
    ] {
        assert_eq!(rows(text), ["2 prod.lease.contract"], "{text:?}");
    }
    assert_eq!(rows("table\nlease.contract\n\ntenant"), ["2 lease.contract", "4 tenant"]);
    assert_eq!(rows("db,table\n,lease.contract\nlease,\n"), ["2 lease.contract", "3 "]);
}

#[test]
fn a_file_without_a_header_is_read_by_place() {
    assert_eq!(
        rows("prod,lease,contract\nlease,tenant\nlease.visit\n"),
        ["1 prod.lease.contract", "2 lease.tenant", "3 lease.visit"]
    );
    assert_eq!(
        rows("lease.contract,\"The \"\"old\"\" one\nof two lines\"\nlease.tenant"),
        ["1 lease.contract", "3 lease.tenant"]
    );
    assert_eq!(rows("\"never closed\nlease.contract"), ["1 never.closed", "2 lease.contract"]);
}

fn known(tables: &[(&str, &str, &str)]) -> Vec<KnownTable> {
    let one = |(source, database, table): &(&str, &str, &str)| KnownTable {
        source: source.parse().expect("an id"),
        source_name: source.to_uppercase(),
        table: TableName::parse(database, table).expect("a name"),
        taken: match *table {
            "here" => Taken::InLake,
            "soon" => Taken::AskedFor,
            "over" => Taken::Retired,
            _ => Taken::No,
        },
    };
    tables.iter().map(one).collect()
}

#[test]
fn each_line_has_its_result() {
    let tables = known(&[
        ("s1", "lease", "contract"),
        ("s2", "lease", "contract"),
        ("s1", "lease", "tenant"),
        ("s1", "lease", "here"),
        ("s1", "lease", "soon"),
        ("s1", "old", "Tenant"),
    ]);
    let text =
        "lease.tenant\nS2.lease.contract\nlease.contract\nhere\nsoon\nlease tenant\nlease.Tenant\nold.contract\n..";
    let written = lines(text).written;
    let results: Vec<_> = resolve(&written, &Known::new(&tables)).into_iter().map(|(_, outcome)| outcome).collect();
    let missing = Named::of(&["old".to_owned(), "contract".to_owned()]).expect("a name");
    assert_eq!(
        results,
        [
            Outcome::Found(2),
            Outcome::Found(1),
            Outcome::Places(vec![0, 1]),
            Outcome::InLake(3),
            Outcome::AskedFor(4),
            Outcome::Twice(1),
            Outcome::Twice(1),
            Outcome::NoSuch(missing, vec![0, 1]),
            Outcome::Unreadable,
        ]
    );
    assert!(wanted(&written).contains("tenant") && !wanted(&written).contains("Tenant"));
}

#[test]
fn a_table_of_a_retired_source_is_meant_only_where_no_other_is() {
    let mut tables = known(&[("s1", "lease", "contract"), ("s2", "lease", "contract"), ("s1", "lease", "over")]);
    tables[0].taken = Taken::Retired;
    let written = lines("contract\nS1.lease.contract\nover\nold.over").written;
    let results: Vec<_> = resolve(&written, &Known::new(&tables)).into_iter().map(|(_, outcome)| outcome).collect();
    let missing = Named::of(&["old".to_owned(), "over".to_owned()]).expect("a name");
    let expected = [Outcome::Found(1), Outcome::Retired(0), Outcome::Retired(2), Outcome::NoSuch(missing, Vec::new())];
    assert_eq!(results, expected);
}

#[test]
fn of_two_readings_the_one_that_is_there_wins() {
    let tables = known(&[("s1", "lease", "contract"), ("s1", "lease", "tenant")]);
    let found = |text: &str| resolve(&lines(text).written, &Known::new(&tables)).len();
    assert_eq!(found("contract, tenant"), 2, "two tables");
    assert_eq!(found("lease, tenant"), 1, "database and table");
    assert_eq!(found("no, such"), 1);
}

#[test]
fn the_nearest_names_are_suggested() {
    let names = ["contract", "contract_main", "contarct", "tenant"];
    let near = |name: &str| near(name, names).into_iter().map(|near| names[near.place]).collect::<Vec<_>>();
    assert_eq!(near("contrct"), ["contract", "contarct"]);
    assert_eq!(near("tennant"), ["tenant"]);
    assert_eq!(near("TENANT"), ["tenant"]);
    assert!(near("warehouse").is_empty());
}

proptest! {
    #[test]
    fn any_text_is_answered(text in "(?s).{0,400}") {
        for reading in [lines(&text), csv(&text)] {
            for each in &reading.written {
                prop_assert!(each.line >= 1);
                prop_assert!(!each.text.chars().any(char::is_control));
                prop_assert!(each.readings.iter().all(|names| !names.is_empty()));
            }
        }
    }

    #[test]
    fn any_name_in_the_quotes_of_a_file_comes_back(
        database in "[^\\p{C}/\\\\]{1,20}", table in "[^\\p{C}/\\\\]{1,20}", separator in "[,;\t]", header in any::<bool>()
    ) {
        let name = TableName::parse(database.trim(), table.trim());
        prop_assume!(name.is_ok());
        let name = name.expect("just looked");
        // Without a header, a dot in a cell parts a name.
        prop_assume!(header || !name.to_string().replacen('.', "", 1).contains('.'));
        let cell = |text: &str| format!("\"{}\"", text.replace('"', "\"\""));
        let row = [cell("prod"), cell(name.database.as_str()), cell(name.table.as_str())].join(&separator);
        let above = if header { ["source", "db", "table"].join(&separator) + "\r\n" } else { String::new() };
        let line = 1 + usize::from(header);
        prop_assert_eq!(rows(&format!("{above}{row}\r\n")), vec![format!("{line} prod.{name}")]);
    }

    #[test]
    fn any_name_in_backticks_comes_back(database in "[^\\p{C}/\\\\`]{1,20}", table in "[^\\p{C}/\\\\]{1,20}") {
        let name = TableName::parse(database.trim(), table.trim());
        prop_assume!(name.is_ok());
        let name = name.expect("just looked");
        let quoted = |name: &Name| format!("`{}`", name.as_str().replace('`', "``"));
        let line = format!("{}.{}", quoted(&name.database), quoted(&name.table));
        prop_assert_eq!(read(&line), vec![name.to_string()], "{}", line);
    }
}

#[test]
fn ten_megabytes_of_rubbish_are_answered() {
    for rubbish in ["\"", "`", "a.", "x\n", "\u{0}", "“"] {
        let text = rubbish.repeat(10_000_000 / rubbish.len());
        lines(&text);
        csv(&text);
    }
}
