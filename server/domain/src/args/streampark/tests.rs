//! Against what the real one was recorded to do: 2.1.6, recordings 460 and 461 (streampark-api §12.1).

use proptest::prelude::*;

use super::*;

#[derive(serde::Deserialize)]
struct Exact {
    args: String,
    main_got: Vec<String>,
}

#[derive(serde::Deserialize)]
struct Limits {
    refused: Vec<String>,
    shop_pw: String,
    cases: Vec<Case>,
}

#[derive(serde::Deserialize)]
struct Case {
    name: String,
    args: String,
    main_got: Option<Vec<String>>,
}

fn exact() -> Exact {
    serde_json::from_str(include_str!("460.json")).expect("what was recorded")
}

fn limits() -> Limits {
    serde_json::from_str(include_str!("461.json")).expect("what was recorded")
}

fn none() -> BTreeMap<String, String> {
    BTreeMap::new()
}

#[test]
fn what_was_recorded_to_arrive_is_written_the_same_and_taken_apart_the_same() {
    let exact = exact();
    assert_eq!(exact.main_got.len(), 49);
    let written: Vec<_> = exact.main_got.iter().map(|text| quote(text).expect("it arrived")).collect();
    assert_eq!(written.join(" "), exact.args);
    assert_eq!(tokenise(&exact.args, &none()), Ok(exact.main_got));
}

#[test]
fn what_was_recorded_to_go_wrong_goes_wrong_the_same_way() {
    let limits = limits();
    let variables = BTreeMap::from([("shop_pw".to_owned(), limits.shop_pw)]);
    assert_eq!(limits.cases.len(), 9);
    for case in limits.cases {
        assert_eq!(tokenise(&case.args, &variables).ok(), case.main_got, "{}", case.name);
    }
}

#[test]
fn what_cannot_arrive_is_refused_before() {
    for text in limits().refused {
        assert!(element(&text).is_err(), "{text:?}");
    }
    for (text, trap) in [
        (" lead", Trap::BlankFirst),
        (" ", Trap::BlankFirst),
        ("a  b", Trap::BlanksTwice),
        ("end  ", Trap::BlanksTwice),
        ("a\tb", Trap::WhiteSpace),
        ("a\u{b}b", Trap::WhiteSpace),
        ("nul\0", Trap::WhiteSpace),
        ("end\" of 'this' x", Trap::BothQuotes),
        ("a${nosuch}b", Trap::Variable),
        ("$${{${ab}", Trap::Variable),
        ("${1}${a}${a.b}", Trap::Variable),
    ] {
        assert_eq!(element(text), Err(trap), "{text:?}");
    }
    for text in ["", "${}", "${a}", "${1a}", "${a b}", "${", "$", "${ab", "a}${", "trailing ", "租\"赁 '"] {
        assert!(element(text).is_ok(), "{text:?}");
    }
}

#[test]
fn unquoted_text_is_taken_apart_as_seen() {
    for (line, tokens) in [
        ("", &[][..]),
        (" \n ", &[]),
        ("a\n b\t c ", &["a", "b", "c"]),
        (" a", &["", "a"]),
        ("\"\" b", &["", "b"]),
        ("k='v' k=\"v\" 'k=v' a='b c'", &["k=v", "k=v", "k=v", "a='b", "c'"]),
        ("key='a b'", &["key='a", "b'"]),
        ("'{\"a\":1}'", &["{\"a\":1}"]),
        ("\"客户", &["客"]),
    ] {
        assert_eq!(tokenise(line, &none()).expect("no lone quote"), tokens, "{line:?}");
    }
    for lone in ["\"", "a ' b'", "'"] {
        assert_eq!(tokenise(lone, &none()), Err(LoneQuote), "{lone:?}");
    }
}

#[test]
fn a_variable_is_put_in_before_the_text_is_taken_apart_and_only_once() {
    let variables = BTreeMap::from([("pw".to_owned(), "a ${pw}".to_owned())]);
    assert_eq!(tokenise("x=${pw} ${no_such}", &variables).expect("fine"), ["x=a", "${pw}", "${no_such}"]);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_048, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn what_is_not_refused_arrives_as_it_was(
        texts in proptest::collection::vec(r#"[ab"'\\ ${}=.|租\u{a0}\t-]{0,10}"#, 0..8),
    ) {
        let written: Vec<_> = texts.iter().filter_map(|text| element(text).ok()).collect();
        let passing: Vec<_> = texts.iter().filter(|text| element(text).is_ok()).cloned().collect();
        let variables = BTreeMap::from([("ab".to_owned(), "leaked".to_owned())]);
        prop_assert_eq!(tokenise(&written.join(" "), &variables), Ok(passing));
    }

    #[test]
    fn no_text_at_all_makes_it_fall_over(line in any::<String>()) {
        let _ = tokenise(&line, &none());
        let _ = element(&line);
    }
}
