//! Who may see and do what: one pure function, asked by http, streams and search alike.

use std::collections::BTreeSet;

use crate::ids::{PersonId, SourceId, TeamId};
use crate::person::Viewer;

/// What somebody wants to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verb {
    /// Find a table, see its columns and size.
    FindTable,
    /// See a request, its items, its timeline.
    SeeRequest,
    /// Withdraw a request, answer, send it again.
    Answer,
    /// Let in, drop, send back, reject.
    Decide,
    /// See a table in the lake, and rows of it.
    SeeRows,
    /// Try again, leave out, pause, read anew.
    Tend,
    /// See a job.
    SeeJob,
    /// See the sum of all jobs and resources.
    SeeOverview,
    /// See a source's settings.
    SeeSource,
    /// Change sources, routes, people, settings.
    Manage,
}

/// Somebody who was let in to read a table that others brought.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reader {
    /// Who asked to read it.
    pub person: PersonId,
    /// Their team at that time.
    pub team: Option<TeamId>,
}

/// What it is wanted of.
#[derive(Debug, Clone, Copy)]
pub enum Thing<'a> {
    /// A table of a source.
    Table {
        /// The source.
        source: &'a SourceId,
        /// Whether the source is marked closed.
        closed: bool,
    },
    /// A request, or those of its items that come from `sources`.
    Request {
        /// Who asked.
        requester: &'a PersonId,
        /// The requester's team.
        team: Option<&'a TeamId>,
        /// The sources its items come from.
        sources: &'a BTreeSet<SourceId>,
        /// Whether somebody else than operators may decide.
        has_decider: bool,
    },
    /// One item.
    Item {
        /// Who asked.
        requester: &'a PersonId,
        /// The requester's team.
        team: Option<&'a TeamId>,
        /// The source it comes from.
        source: &'a SourceId,
        /// Those who were let in to read its table.
        readers: &'a [Reader],
    },
    /// A job and those whose items it brings.
    Job {
        /// The source it reads.
        source: &'a SourceId,
        /// Those who asked for its items.
        requesters: &'a BTreeSet<PersonId>,
    },
    /// A source as a thing to set up.
    Source(&'a SourceId),
    /// The platform.
    Platform,
}

/// Whether the viewer may do it.
///
/// What one may not *see* must answer like what does not exist; http decides that by asking for the seeing verb.
pub fn may(viewer: &Viewer, verb: Verb, thing: Thing<'_>) -> bool {
    match thing {
        Thing::Table { source, closed } => match verb {
            Verb::FindTable => !closed || viewer.operator || viewer.owns.contains(source),
            _ => false,
        },
        Thing::Request { requester, team, sources, has_decider } => {
            let own = *requester == viewer.person;
            let owner = sources.iter().any(|source| viewer.owns.contains(source));
            match verb {
                Verb::SeeRequest => own || same_team(viewer, team) || owner || viewer.operator,
                Verb::Answer => own,
                Verb::Decide => !own && (owner || (viewer.operator && !has_decider)),
                _ => false,
            }
        }
        Thing::Item { requester, team, source, readers } => {
            let own = *requester == viewer.person;
            let owner = viewer.owns.contains(source);
            let sees = own || same_team(viewer, team) || owner || viewer.operator;
            let reads = |reader: &Reader| reader.person == viewer.person || same_team(viewer, reader.team.as_ref());
            match verb {
                Verb::SeeRequest => sees,
                Verb::SeeRows => sees || readers.iter().any(reads),
                Verb::Tend => own || owner || viewer.operator,
                _ => false,
            }
        }
        Thing::Job { source, requesters } => match verb {
            Verb::SeeJob => viewer.operator || viewer.owns.contains(source) || requesters.contains(&viewer.person),
            _ => false,
        },
        Thing::Source(source) => match verb {
            // To tend a source is to have its catalogue read now.
            Verb::SeeSource | Verb::Tend => viewer.operator || viewer.owns.contains(source),
            Verb::Manage => viewer.operator,
            _ => false,
        },
        Thing::Platform => matches!(verb, Verb::SeeOverview | Verb::Manage | Verb::SeeJob) && viewer.operator,
    }
}

fn same_team(viewer: &Viewer, team: Option<&TeamId>) -> bool {
    team.is_some() && viewer.team.as_ref() == team
}

#[cfg(test)]
mod tests {
    use super::*;

    const VERBS: [Verb; 10] = [
        Verb::FindTable,
        Verb::SeeRequest,
        Verb::Answer,
        Verb::Decide,
        Verb::SeeRows,
        Verb::Tend,
        Verb::SeeJob,
        Verb::SeeOverview,
        Verb::SeeSource,
        Verb::Manage,
    ];

    fn viewer(person: &str, team: Option<&str>, operator: bool, owns: &[&str]) -> Viewer {
        Viewer {
            person: person.parse().expect("an id"),
            team: team.map(|team| team.parse().expect("an id")),
            operator,
            owns: owns.iter().map(|source| source.parse().expect("an id")).collect(),
        }
    }

    /// One letter a viewer that may: requester, team-mate, owner, operator, a stranger who may be let in to read, and
    /// their team-mate.
    fn row(verb: Verb, thing: Thing<'_>) -> String {
        [
            ('r', viewer("ana", Some("t1"), false, &[])),
            ('t', viewer("tom", Some("t1"), false, &[])),
            ('o', viewer("bo", Some("t2"), false, &["s1"])),
            ('p', viewer("ops", None, true, &[])),
            ('x', viewer("xi", Some("t3"), false, &["s2"])),
            ('y', viewer("yu", Some("t3"), false, &[])),
        ]
        .into_iter()
        .filter(|(_, viewer)| may(viewer, verb, thing))
        .map(|(letter, _)| letter)
        .collect()
    }

    #[test]
    fn the_whole_matrix() {
        let source: SourceId = "s1".parse().expect("an id");
        let requester: PersonId = "ana".parse().expect("an id");
        let team: TeamId = "t1".parse().expect("an id");
        let sources = BTreeSet::from([source.clone()]);
        let requesters = BTreeSet::from([requester.clone()]);
        let readers = [Reader { person: "xi".parse().expect("an id"), team: Some("t3".parse().expect("an id")) }];
        let request =
            |has_decider| Thing::Request { requester: &requester, team: Some(&team), sources: &sources, has_decider };
        let things: [(&str, Thing<'_>, [&str; 10]); 10] = [
            // find, see request, answer, decide, rows, tend, job, overview, source, manage
            (
                "open table",
                Thing::Table { source: &source, closed: false },
                ["rtopxy", "", "", "", "", "", "", "", "", ""],
            ),
            (
                "closed table",
                Thing::Table { source: &source, closed: true },
                ["op", "", "", "", "", "", "", "", "", ""],
            ),
            ("request", request(true), ["", "rtop", "r", "o", "", "", "", "", "", ""]),
            ("request without a decider", request(false), ["", "rtop", "r", "op", "", "", "", "", "", ""]),
            (
                "item",
                Thing::Item { requester: &requester, team: Some(&team), source: &source, readers: &[] },
                ["", "rtop", "", "", "rtop", "rop", "", "", "", ""],
            ),
            (
                "item without a team",
                Thing::Item { requester: &requester, team: None, source: &source, readers: &[] },
                ["", "rop", "", "", "rop", "rop", "", "", "", ""],
            ),
            (
                "item that somebody else may read",
                Thing::Item { requester: &requester, team: None, source: &source, readers: &readers },
                ["", "rop", "", "", "ropxy", "rop", "", "", "", ""],
            ),
            (
                "job",
                Thing::Job { source: &source, requesters: &requesters },
                ["", "", "", "", "", "", "rop", "", "", ""],
            ),
            ("source", Thing::Source(&source), ["", "", "", "", "", "op", "", "", "op", "p"]),
            ("platform", Thing::Platform, ["", "", "", "", "", "", "p", "p", "", "p"]),
        ];
        for (name, thing, wanted) in things {
            for (verb, wanted) in VERBS.into_iter().zip(wanted) {
                assert_eq!(row(verb, thing), wanted, "{verb:?} of {name}");
            }
        }
    }

    #[test]
    fn nobody_decides_about_a_request_of_their_own() {
        let source: SourceId = "s1".parse().expect("an id");
        let sources = BTreeSet::from([source]);
        for has_decider in [true, false] {
            let own = viewer("ana", None, true, &["s1"]);
            let thing = Thing::Request { requester: &own.person.clone(), team: None, sources: &sources, has_decider };
            assert!(!may(&own, Verb::Decide, thing));
        }
    }
}
