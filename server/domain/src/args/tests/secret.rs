//! Passwords: put in at the last step, shown nowhere, refused where they would not arrive.

use super::super::finding::Finding;
use super::super::secret::{Place, Secret, Secrets};
use super::*;

#[test]
fn a_password_is_put_in_at_the_last_step_and_shown_nowhere() {
    let word = "hunter2 \"=$%\\'";
    let argv = built(&args(&["orders"]));
    assert_eq!(argv.places().collect::<Vec<_>>(), [Place::Source]);
    let secrets = Secrets::default().with(Place::Source, Secret::new(word));
    let filled = argv.fill(&secrets).expect("it passes");
    assert!(filled.expose().contains(&format!("password={word}")));
    let line = filled.streampark().expect("it passes");
    let arrived = streampark::tokenise(line.expose(), &std::collections::BTreeMap::new());
    assert_eq!(arrived.as_deref(), Ok(filled.expose()));
    let stored = argv.streampark().expect("it passes");
    for shown in [format!("{secrets:?} {filled:?} {line:?} {argv:?}"), stored, format!("{:#?}", (&filled, &secrets))] {
        assert!(!shown.contains("hunter2"), "{shown}");
    }
}

#[test]
fn a_password_that_would_not_arrive_is_refused_without_being_shown() {
    let argv = built(&args(&["orders"]));
    let codes = |found: &[Finding]| {
        assert!(!format!("{found:?}").contains("hunter2"));
        found.iter().map(|found| found.code).collect::<Vec<_>>()
    };
    assert_eq!(codes(&argv.fill(&Secrets::default()).expect_err("none is there")), [Code::SecretMissing]);
    for word in [" hunter2", "hunter2 ", "hunter2\n", "\thunter2"] {
        let secrets = Secrets::default().with(Place::Source, Secret::new(word));
        assert_eq!(codes(&argv.fill(&secrets).expect_err("it would be cut")), [Code::SecretTrimmed], "{word:?}");
    }
    for (word, code) in [
        ("hunter2  x", Code::BlanksTwice),
        ("hunter2\tx", Code::WhiteSpace),
        ("hunter2\" ' '", Code::BothQuotes),
        ("${hunter2}", Code::Variable),
    ] {
        let secrets = Secrets::default().with(Place::Source, Secret::new(word));
        let filled = argv.fill(&secrets).expect("Flink itself takes it");
        assert_eq!(codes(&filled.streampark().expect_err("StreamPark would not")), [code], "{word:?}");
    }
}
