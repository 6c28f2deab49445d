//! One line of the log: what happened, to what, by whom. The log is timeline, audit trail, live stream and outbox.

mod say;

use json::FromJson;
use serde::{Deserialize, Serialize};

use crate::cause::Cause;
use crate::ids::{ItemId, PersonId, RequestId};
use crate::time::Millis;

/// What a line is about. The page keeps one bell for each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, FromJson)]
#[serde(rename_all = "snake_case")]
pub enum Topic {
    /// A request or its items.
    Request,
    /// A table in the lake whose state stands.
    Lake,
    /// A job.
    Job,
    /// A source or route.
    Source,
    /// A person, team or session.
    Person,
}

impl Topic {
    /// The word of the `topic` column.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Request => "request",
            Self::Lake => "lake",
            Self::Job => "job",
            Self::Source => "source",
            Self::Person => "person",
        }
    }

    /// The topic of a word.
    pub fn from_word(word: &str) -> Option<Self> {
        [Self::Request, Self::Lake, Self::Job, Self::Source, Self::Person]
            .into_iter()
            .find(|topic| topic.word() == word)
    }
}

/// Who did it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson)]
#[serde(rename_all = "snake_case")]
pub enum Actor {
    /// Lakegate itself.
    Lakegate,
    /// Somebody at the command line.
    Console,
    /// A person.
    Person(PersonId),
}

/// What happened. The words file has `event.<kind>` for each.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Happened {
    /// Tables were asked for.
    Submitted {
        /// How many, linked ones included.
        tables: u64,
        /// How many of them somebody already brings.
        linked: u64,
        /// How many are asked for only to read: others bring them.
        #[serde(default, skip_serializing_if = "is_none")]
        reads: u64,
    },
    /// The requester changed a request that was sent back, and sent it again.
    SentAgain {
        /// Tables that wait for a decision by it.
        tables: u64,
        /// How many of them are new.
        added: u64,
        /// Tables that are not asked for any more.
        removed: u64,
    },
    /// A decider let some in and dropped some.
    Decided {
        /// Tables let in.
        let_in: u64,
        /// Tables dropped.
        dropped: u64,
        /// Tables sent back.
        #[serde(default, skip_serializing_if = "is_none")]
        back: u64,
        /// What the decider said.
        comment: String,
        /// Whether an operator decided because nobody else could.
        stood_in: bool,
    },
    /// A decider sent it back.
    SentBack {
        /// Tables sent back.
        tables: u64,
        /// What the decider said.
        comment: String,
    },
    /// A decider refused.
    Rejected {
        /// Tables refused.
        tables: u64,
        /// What the decider said.
        comment: String,
    },
    /// The requester answered and sent tables again that were sent back.
    Answered {
        /// Tables sent again.
        tables: u64,
        /// What the requester said.
        comment: String,
    },
    /// An approval was taken back.
    TakenBack {
        /// Tables that wait again.
        tables: u64,
    },
    /// The requester took tables away.
    Withdrawn {
        /// Tables taken away.
        tables: u64,
    },
    /// Tables found their job.
    Placed {
        /// Tables placed.
        tables: u64,
        /// The job's name.
        job: String,
    },
    /// The engine was told.
    Started {
        /// Tables told.
        tables: u64,
        /// The job's name.
        job: String,
    },
    /// Tables that others brought may be read now.
    Opened {
        /// Tables opened.
        tables: u64,
    },
    /// Tables that were asked for only to read will not be brought by others: they are asked for themselves.
    TakenOver {
        /// Tables asked for.
        tables: u64,
    },
    /// Rows are being copied.
    Copying,
    /// A copy landed.
    Copied {
        /// Its rows.
        rows: u64,
    },
    /// The lake agrees.
    Ready {
        /// Rows on both sides.
        rows: u64,
    },
    /// The promise broke.
    Late,
    /// The promise is kept again.
    FreshAgain,
    /// It cannot go on.
    Failed {
        /// Why.
        cause: Cause,
        /// When it is tried again by itself.
        again_at: Option<Millis>,
    },
    /// A refresh failed though the state stands.
    RefreshFailed {
        /// Why.
        cause: Cause,
    },
    /// It is tried again.
    TriedAgain {
        /// Tables tried again.
        tables: u64,
    },
    /// A person left tables out.
    LeftOut {
        /// Tables left out.
        tables: u64,
    },
    /// Operators are told that something waits too long.
    OperatorsTold {
        /// Tables that wait.
        tables: u64,
    },
    /// Somebody looked at rows.
    RowsSeen {
        /// The table in the lake.
        table: String,
    },
    /// A job was made.
    JobMade {
        /// Its name.
        job: String,
    },
    /// A job ended because no item wants it.
    JobGone {
        /// Its name.
        job: String,
    },
    /// A source was set up.
    SourceAdded {
        /// Its name.
        name: String,
    },
    /// A source was changed.
    SourceChanged {
        /// Its name.
        name: String,
    },
    /// A test that nobody asked for found something else than the one before.
    SourceTested {
        /// Its name.
        name: String,
        /// How much of it is to fix.
        fix: u64,
    },
    /// A source was retired: nothing new comes from it.
    SourceRetired {
        /// Its name.
        name: String,
    },
    /// A source that was retired is used again.
    SourceBack {
        /// Its name.
        name: String,
    },
    /// A route was set up.
    RouteAdded {
        /// Its name.
        name: String,
    },
    /// A route was changed.
    RouteChanged {
        /// Its name.
        name: String,
    },
    /// An operator stopped new starts.
    BrakePulled {
        /// The source's name; empty for all sources.
        source: String,
        /// Why.
        reason: String,
        /// Until when; until somebody lifts it when there is none.
        until: Option<Millis>,
    },
    /// New starts go on.
    BrakeLifted {
        /// The source's name; empty for all sources.
        source: String,
    },
    /// A source's catalogue was read.
    CatalogueRead {
        /// Its tables.
        tables: u64,
        /// Tables that are new.
        #[serde(default, skip_serializing_if = "is_zero")]
        appeared: u64,
        /// Tables that are others.
        #[serde(default, skip_serializing_if = "is_zero")]
        changed: u64,
        /// Tables that are not there any more.
        #[serde(default, skip_serializing_if = "is_zero")]
        vanished: u64,
    },
    /// A source's catalogue could not be read; what was known stays.
    CatalogueUnread {
        /// Why.
        cause: Cause,
    },
    /// Somebody wants a source's catalogue read now.
    ReadingWanted {
        /// The source's name.
        name: String,
    },
    /// Somebody signed in.
    SignedIn,
    /// A session was ended.
    SessionEnded,
    /// A person was added.
    PersonAdded {
        /// The sign-in name.
        login: String,
    },
    /// A person may not sign in any more.
    PersonDisabled {
        /// The sign-in name.
        login: String,
    },
    /// A person may sign in again.
    PersonEnabled {
        /// The sign-in name.
        login: String,
    },
    /// A person was changed: name, team, rights.
    PersonChanged {
        /// The sign-in name.
        login: String,
    },
    /// A team was given another name.
    TeamRenamed {
        /// The name it had.
        was: String,
        /// The name it has.
        name: String,
    },
    /// A link was made by which a person sets their password.
    PasswordLinked {
        /// The sign-in name.
        login: String,
    },
    /// A password was set.
    PasswordSet {
        /// The sign-in name.
        login: String,
    },
}

/// Lines of before something was counted hold nothing of it: their hashes stand.
#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands it over so")]
const fn is_none(count: &u64) -> bool {
    *count == 0
}

/// A line before it has its number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// What it is about.
    pub topic: Topic,
    /// The id of the thing: a request's, an item's, a job's …
    pub thing: String,
    /// The request it belongs to, if any: its timeline shows the line.
    pub request: Option<RequestId>,
    /// The items it touches; a bulk act is one line.
    pub items: Vec<ItemId>,
    /// Who did it.
    pub actor: Actor,
    /// What happened.
    pub happened: Happened,
}

/// A sum of nothing is not written, so that lines from before it existed keep their hash.
const fn is_zero(n: &u64) -> bool {
    *n == 0
}

impl Change {
    /// A line about a request and some of its items.
    pub fn of_request(request: &RequestId, items: Vec<ItemId>, actor: Actor, happened: Happened) -> Self {
        Self {
            topic: Topic::Request,
            thing: request.as_str().to_owned(),
            request: Some(request.clone()),
            items,
            actor,
            happened,
        }
    }

    /// A line about something that belongs to no request.
    pub fn of(topic: Topic, thing: impl ToString, actor: Actor, happened: Happened) -> Self {
        Self { topic, thing: thing.to_string(), request: None, items: Vec::new(), actor, happened }
    }
}
