//! What is seen of StreamPark, in our words.
//!
//! Why it exists: its numbers, its texts that are numbers, and its times without a zone end here.
//! Invariant: a number that we do not know is kept as it is and means nothing good; arguments are not shown by `Debug`,
//! since others may have put passwords there.

use std::fmt;
use std::str::FromStr;

use domain::args::secret::Secret;
use domain::time::Millis;

use crate::outside::engine::flink::seen::FlinkJobId;

/// The id of an application: digits.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AppId(String);

/// An id that is not made of digits.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("an id of StreamPark is made of digits")]
pub struct BadId;

impl AppId {
    /// The digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for AppId {
    type Err = BadId;

    fn from_str(text: &str) -> Result<Self, BadId> {
        let fits = (1..=20).contains(&text.len()) && text.bytes().all(|digit| digit.is_ascii_digit());
        if fits { Ok(Self(text.to_owned())) } else { Err(BadId) }
    }
}

impl fmt::Display for AppId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Defines an enum of StreamPark's numbers, with what is not among them kept.
macro_rules! numbers {
    ($(#[$doc:meta])* $name:ident { $($(#[$of:meta])* $variant:ident = $number:literal,)+ }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum $name {
            $($(#[$of])* $variant,)+
            /// A number that we do not know.
            Other(i64),
        }

        impl $name {
            /// What the number means.
            pub const fn of(number: i64) -> Self {
                match number {
                    $($number => Self::$variant,)+
                    other => Self::Other(other),
                }
            }
        }
    };
}

numbers! {
    /// The state of an application's row (streampark-api §4.1). It follows Flink late or not at all (§0.1): a hint.
    AppState {
        /// Never started.
        Added = 0,
        /// Being set up by Flink.
        Initializing = 1,
        /// Taken on by Flink.
        Created = 2,
        /// Its start was accepted and is under way.
        Starting = 3,
        /// Between two attempts; in remote mode never shown, a job in its restart loop is RUNNING.
        Restarting = 4,
        /// Runs, or ran when StreamPark last knew.
        Running = 5,
        /// Being ended after a failure.
        Failing = 6,
        /// Failed. The job may live all the same.
        Failed = 7,
        /// Being cancelled; can stay so for ever.
        Cancelling = 8,
        /// Cancelled, or aborted while its job lives on.
        Canceled = 9,
        /// Ended by itself: also what a stop through Flink leads to.
        Finished = 10,
        /// Put aside.
        Suspended = 11,
        /// Being taken up again.
        Reconciling = 12,
        /// Lost sight of.
        Lost = 13,
        /// Being tied to a job; can stay so for ever.
        Mapping = 14,
        /// Anything else.
        Unclear = 15,
        /// Rolled back.
        Revoked = 16,
        /// Not heard of for a while (Kubernetes).
        Silent = 17,
        /// Ended somehow.
        Terminated = 18,
        /// Ended, probably by itself.
        PosTerminated = 19,
        /// Ended well (YARN).
        Succeeded = 20,
        /// Killed (YARN).
        Killed = -9,
    }
}

impl AppState {
    /// Whether StreamPark takes the start of an application in this state. Whether its job lives, Flink must be asked.
    pub const fn takes_start(self) -> bool {
        matches!(
            self,
            Self::Added
                | Self::Created
                | Self::Failed
                | Self::Canceled
                | Self::Finished
                | Self::Lost
                | Self::Terminated
                | Self::PosTerminated
                | Self::Succeeded
                | Self::Killed
        )
    }

    /// Whether it can stay in this state for ever, until it is aborted (streampark-api §0.1 no. 5, 7, 12, 14).
    pub const fn can_be_stuck(self) -> bool {
        matches!(self, Self::Starting | Self::Cancelling | Self::Mapping)
    }
}

numbers! {
    /// Whether what is stored was built (streampark-api §4.2).
    Release {
        /// The build failed.
        Failed = -1,
        /// Built.
        Done = 0,
        /// To be built.
        Needed = 1,
        /// Being built.
        Releasing = 2,
        /// Built while the job ran; counts from the next start on.
        NeedsRestart = 3,
        /// To be rolled back.
        NeedsRollback = 4,
        /// To be checked.
        NeedsCheck = 5,
        /// Taken back.
        Revoked = 10,
    }
}

impl Release {
    /// Whether a start runs what is stored. StreamPark itself does not look (streampark-api §0 no. 9).
    pub const fn is_built(self) -> bool {
        matches!(self, Self::Done | Self::NeedsRestart)
    }
}

numbers! {
    /// How far a build is (streampark-api §4.2).
    BuildStatus {
        /// Not known.
        Unknown = 0,
        /// In line: builds run one at a time for the whole console.
        Pending = 1,
        /// Under way; after a restart of the console for ever.
        Running = 2,
        /// Done. Also with an empty jar, when the template's jar is gone (§0.1 no. 11).
        Success = 3,
        /// Failed, whatever the release says.
        Failure = 4,
    }
}

numbers! {
    /// What a line of the log of operations is about (streampark-api §4.2).
    Operation {
        /// A build.
        Release = 0,
        /// A start.
        Start = 1,
        /// A savepoint.
        Savepoint = 2,
        /// A cancel.
        Cancel = 3,
    }
}

/// An application's row (streampark-api §3.2).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct App {
    /// Its id.
    pub id: AppId,
    /// Its team.
    pub team: String,
    /// Its name; several rows may have one.
    pub name: String,
    /// Its state.
    pub state: AppState,
    /// Whether it is built.
    pub release: Release,
    /// Its newest build; known in a list only, not when asked for alone.
    pub build: Option<BuildStatus>,
    /// Whether StreamPark would take a start.
    pub can_start: bool,
    /// Flink's id of its newest job; gone at each start until the job is submitted.
    pub job: Option<FlinkJobId>,
    /// Where its Flink is; gone as above.
    pub flink: Option<String>,
    /// Its stored arguments.
    pub args: Option<Secret>,
    /// The settings of its job: `-Dkey=value …`.
    pub settings: Option<String>,
    /// The class that begins.
    pub main_class: Option<String>,
    /// The file name of its jar.
    pub jar: Option<String>,
    /// 1 is a jar, 2 is SQL.
    pub kind: i64,
    /// 1 is a session cluster by its address.
    pub mode: i64,
    /// How often StreamPark itself starts it anew, with its stored arguments: must be 0.
    pub restarts_itself: i64,
    /// The id of its Flink version.
    pub version: Option<String>,
    /// The id of its cluster.
    pub cluster: Option<String>,
    /// When its job was submitted.
    pub started_at: Option<Millis>,
    /// When somebody last started or stopped it.
    pub acted_at: Option<Millis>,
    /// When its settings were last changed.
    pub modified_at: Option<Millis>,
}

/// A page of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// Its rows.
    pub apps: Vec<App>,
    /// How many rows there are in all.
    pub total: u64,
}

/// What a copy came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Copied {
    /// There it is.
    As(AppId),
    /// An application of that name is there, maybe of another team; maybe it is ours, from a call whose answer was lost.
    NameInUse,
    /// There is no such template.
    NoTemplate,
}

/// What a build was answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Built {
    /// Accepted, or nothing was to be built: [`super::client::Client::pipeline`] tells.
    Accepted,
    /// One is under way.
    Running,
    /// It said no, and why.
    Refused(String),
}

/// What a start was answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Started {
    /// Accepted. Whether a job comes of it, Flink tells.
    Accepted,
    /// It is starting, running, or in another state that takes no start.
    NotNow,
    /// It said no, and why.
    Refused(String),
}

/// How a start begins.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct From {
    /// The savepoint or checkpoint; always named, since StreamPark's own choice may be an older one or none
    /// (streampark-api §12.3, §0 no. 10). `None` begins without state.
    pub savepoint: Option<String>,
    /// Whether state that nothing takes up is thrown away.
    pub allow_non_restored: bool,
}

/// What an update changes; all else stays as it is.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Change {
    /// The stored arguments, with placeholders.
    pub args: Option<String>,
    /// The settings of its job.
    pub settings: Option<String>,
    /// What it says of itself.
    pub description: Option<String>,
}

/// A build (streampark-api §3.6).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pipeline {
    /// How far it is.
    pub status: BuildStatus,
    /// The step it is at.
    pub step: u64,
    /// Of how many.
    pub steps: u64,
    /// Why it failed.
    pub sentence: Option<String>,
    /// When that was last said.
    pub updated_at: Option<Millis>,
}

/// A line of the log of operations (`optionlog`): why a start failed, until Flink took the job on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Logged {
    /// Its number.
    pub id: u64,
    /// What it is about.
    pub operation: Operation,
    /// Whether StreamPark takes it for a success: also of jobs that fail later (§0.1 no. 10).
    pub success: bool,
    /// When.
    pub at: Option<Millis>,
    /// Why it failed, when it says so.
    pub sentence: Option<String>,
    /// Whether Flink refused it because a job of that id was submitted before.
    pub duplicate: bool,
}

/// A checkpoint or savepoint that StreamPark knows of. Those made through Flink may be missing (streampark-api §12.3).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// Its row.
    pub id: u64,
    /// Whether it is a savepoint.
    pub savepoint: bool,
    /// Where it lies.
    pub path: String,
    /// Whether StreamPark would start from it by itself: may be set on an older one.
    pub latest: bool,
    /// When it was begun.
    pub triggered_at: Option<Millis>,
}

/// A cluster that the console knows (streampark-api §3.7).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cluster {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Its address, for those by address.
    pub address: Option<String>,
    /// 1 is a session cluster by its address.
    pub mode: i64,
    /// Whether the console takes it for running: it does not notice when it goes (§0.1 no. 7).
    pub started: bool,
    /// The id of its Flink version.
    pub version: Option<String>,
}

/// A Flink version that the console knows (streampark-api §3.7).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Env {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// The version.
    pub version: String,
    /// Whether its settings are kept as a path: only the console 2.1.7 does so.
    pub conf_is_path: bool,
}

/// Which console it is, as far as it can be told: none says its version.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Version {
    /// 2.1.6; 2.1.5 looks the same.
    V216,
    /// 2.1.7: keeps no savepoint rows and starts without state where a path is not named (streampark-api §0 no. 10).
    V217,
    /// Another one: we only read.
    Unknown(Unknown),
}

/// Why a console is not known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Unknown {
    /// Before 2.1.5: no token works without cookies there.
    #[error("it is older than 2.1.5")]
    Older,
    /// After 2.1: other paths, no id of a copy.
    #[error("it is newer than 2.1")]
    Newer,
    /// No Flink version is set up, by which 2.1.6 and 2.1.7 are told apart; nothing could start either.
    #[error("no Flink version is set up in it")]
    NoEnv,
}
