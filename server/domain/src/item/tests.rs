//! Every verb over every state, and what holds beyond a single step.

use super::*;
use crate::cause::CauseCode;
use crate::proof::Proof;

fn person(id: &str) -> PersonId {
    id.parse().expect("an id")
}

fn item(state: State) -> Item {
    Item {
        id: "i1".parse().expect("an id"),
        kind: Kind::Bring,
        request: "r1".parse().expect("an id"),
        requester: person("ana"),
        source: "s1".parse().expect("an id"),
        table: TableName::parse("lease", "contract").expect("a name"),
        route: "w1".parse().expect("an id"),
        target: TableName::parse("ods_lease", "contract").expect("a name"),
        tier: Tier::Daily,
        job: None,
        state,
        landed: None,
        trouble: None,
        version: 1,
    }
}

fn proof() -> Proof {
    Proof {
        at: Millis(1),
        snapshot: 1,
        source_columns: 1,
        lake_columns: 1,
        source_rows: 1,
        lake_rows: 1,
        read_at: Millis(0),
        committed_at: Millis(1),
    }
}

fn states() -> Vec<State> {
    let (at, by) = (Millis(1), person("bo"));
    vec![
        State::Submitted { at },
        State::Approved { at, by: by.clone(), starts_at: Millis(5) },
        State::Placed { at, tries: 0 },
        State::Starting { at, tries: 1 },
        State::Copying { at, tries: 1 },
        State::Verifying { at, tries: 1 },
        State::Ready { at, proof: proof() },
        State::Late { at, proof: proof() },
        State::Failed { at, cause: Cause::new(CauseCode::SourceAway), tries: 1, again_at: Some(Millis(9)) },
        State::Paused { at, by: by.clone(), until: Millis(9) },
        State::Retired { at, by: by.clone() },
        State::Dropped { at, by: by.clone() },
        State::SentBack { at, by: by.clone() },
        State::Rejected { at, by: by.clone() },
        State::Withdrawn { at, by },
    ]
}

type Verb = (&'static str, fn(Item) -> Result<Item, Refusal>, &'static [&'static str]);

/// Every verb, and the states it is allowed in.
fn verbs() -> Vec<Verb> {
    vec![
        ("approve", |i| i.approve(&person("bo"), Millis(2), Millis(3)), &["submitted"]),
        ("drop", |i| i.drop_out(&person("bo"), Millis(2)), &["submitted"]),
        ("send back", |i| i.send_back(&person("bo"), Millis(2)), &["submitted"]),
        ("reject", |i| i.reject(&person("bo"), Millis(2)), &["submitted"]),
        ("withdraw", |i| i.withdraw(&person("ana"), Millis(2)), &["submitted", "approved", "sent_back"]),
        ("resubmit", |i| i.resubmit(Millis(2)), &["sent_back"]),
        ("take back", |i| i.take_back(Millis(2)), &["approved"]),
        ("place", |i| i.place(&"j1".parse().expect("an id"), Millis(5)), &["approved"]),
        ("start", |i| i.start(Millis(2)), &["placed"]),
        ("copy", |i| i.copy(Millis(2)), &["starting"]),
        (
            "verify",
            |i| {
                let (read_at, committed_at) = (Millis(0), Millis(1));
                i.verify(Landed { snapshot: 1, rows: 1, read_at, committed_at, columns: vec![] }, Millis(2))
            },
            &["starting", "copying"],
        ),
        ("prove", |i| i.prove(proof(), Millis(2)), &["verifying", "ready", "late"]),
        ("be late", |i| i.be_late(Millis(2)), &["ready"]),
        (
            "fail",
            |i| i.fail(Cause::new(CauseCode::SourceAway), Millis(2), Millis(3)),
            &["placed", "starting", "copying", "verifying", "ready", "late"],
        ),
        ("try again", |i| i.try_again(Millis(9)), &["failed"]),
        ("retry", |i| i.retry(Millis(2)), &["failed"]),
        ("pause", |i| i.pause(&person("bo"), Millis(2), Millis(9)), &["ready", "late", "failed"]),
        ("resume", |i| i.resume(Millis(2)), &["paused"]),
        (
            "retire",
            |i| i.retire(&person("ana"), Millis(2)),
            &["placed", "starting", "copying", "verifying", "ready", "late", "failed", "paused"],
        ),
    ]
}

#[test]
fn every_verb_works_in_its_states_and_is_refused_in_all_others() {
    for (name, verb, allowed) in verbs() {
        for state in states() {
            let word = state.word();
            let outcome = verb(item(state));
            assert_eq!(outcome.is_ok(), allowed.contains(&word), "{name} a table that is {word}");
            if let Err(refusal) = outcome {
                assert_eq!(refusal.state, word);
            }
        }
    }
}

fn reading(state: State) -> Item {
    Item { kind: Kind::Read { of: "i0".parse().expect("an id") }, ..item(state) }
}

#[test]
fn what_only_reads_is_decided_and_opened_but_never_brought() {
    let decided = ["approve", "drop", "send back", "reject", "withdraw", "resubmit", "take back", "retire"];
    for (name, verb, allowed) in verbs() {
        for state in states() {
            let word = state.word();
            let may = decided.contains(&name) && allowed.contains(&word);
            assert_eq!(verb(reading(state)).is_ok(), may, "{name} a right to read that is {word}");
        }
    }
    for state in states() {
        let word = state.word();
        assert!(item(state.clone()).open(proof(), Millis(9)).is_err(), "a table is not opened");
        assert!(item(state.clone()).bring_instead(Millis(9)).is_err(), "a table brings itself already");
        assert_eq!(reading(state.clone()).open(proof(), Millis(9)).is_ok(), word == "approved", "{word}");
        let brings = ["submitted", "approved", "sent_back"].contains(&word);
        assert_eq!(reading(state).bring_instead(Millis(9)).is_ok(), brings, "{word}");
    }
}

#[test]
fn a_right_to_read_opens_after_its_time_and_what_it_takes_over_is_decided_anew() {
    let approved = reading(State::Submitted { at: Millis(0) }).approve(&person("bo"), Millis(1), Millis(10));
    let approved = approved.expect("submitted");
    assert!(approved.clone().open(proof(), Millis(9)).is_err());
    assert_eq!(approved.clone().open(proof(), Millis(10)).expect("due").state.word(), "ready");
    let brings = approved.bring_instead(Millis(20)).expect("approved");
    assert_eq!((brings.kind, brings.state), (Kind::Bring, State::Submitted { at: Millis(20) }));
}

#[test]
fn an_approval_starts_at_its_time_and_can_be_taken_back_before() {
    let approved = item(State::Submitted { at: Millis(0) }).approve(&person("bo"), Millis(1), Millis(10));
    let approved = approved.expect("submitted");
    let job: JobId = "j1".parse().expect("an id");
    assert!(approved.clone().place(&job, Millis(9)).is_err());
    assert!(approved.clone().take_back(Millis(10)).is_err());
    assert!(approved.clone().take_back(Millis(9)).is_ok());
    assert_eq!(approved.place(&job, Millis(10)).expect("due").job, Some(job));
}

#[test]
fn a_passing_cause_is_tried_three_times_and_then_waits_for_a_person() {
    let mut item = item(State::Placed { at: Millis(0), tries: 0 });
    for round in 1..=TRIES {
        item = item.start(Millis(1)).expect("placed");
        item = item.fail(Cause::new(CauseCode::SourceAway), Millis(2), Millis(3)).expect("starting");
        match &item.state {
            State::Failed { again_at, tries, .. } => {
                assert_eq!(*tries, round);
                assert_eq!(again_at.is_some(), round < TRIES);
            }
            other => panic!("{other:?}"),
        }
        if round < TRIES {
            item = item.try_again(Millis(3)).expect("due");
        }
    }
    assert!(item.clone().try_again(Millis(99)).is_err());
    assert!(item.retry(Millis(99)).is_ok());
}

#[test]
fn a_lasting_cause_waits_for_a_person_at_once() {
    let failed = item(State::Starting { at: Millis(0), tries: 1 })
        .fail(Cause::new(CauseCode::TableGone), Millis(2), Millis(3))
        .expect("starting");
    assert!(matches!(failed.state, State::Failed { again_at: None, .. }));
    assert!(!failed.state.wants_job());
}

#[test]
fn a_state_survives_its_own_json() {
    for state in states() {
        let text = serde_json::to_string(&state).expect("serialises");
        assert!(text.contains(&format!("\"state\":\"{}\"", state.word())), "{text}");
        assert_eq!(serde_json::from_str::<State>(&text).expect("parses"), state);
    }
}
