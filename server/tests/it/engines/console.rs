//! The client of StreamPark against StreamPark's double: the traps of its reference, sprung (streampark-api §0.1).

use std::sync::Arc;
use std::time::Duration;

use doubles::streampark::{Cluster, Fate, Fault, Memory, Profile, Role, StreamPark};
use lakegate::outside::engine::EngineError;
use lakegate::outside::engine::flink::jar;
use lakegate::outside::engine::streampark::client::Client;
use lakegate::outside::engine::streampark::seen::{
    App, AppId, AppState, BuildStatus, Built, Change, Copied, From, Operation, Release, Started, Unknown, Version,
};
use lakegate::outside::engine::streampark::session::{Account, Kind};
use secrecy::SecretString;

use super::arguments;

/// A console with a template, its Flink, and a client.
struct Stage {
    console: StreamPark,
    flink: Arc<Memory>,
    client: Client,
    template: AppId,
}

fn account(user: &str) -> Account {
    Account { user: user.to_owned(), password: SecretString::from("streampark"), kind: Kind::Own }
}

impl Stage {
    async fn new(profile: Profile) -> Self {
        rustls::crypto::ring::default_provider().install_default().ok();
        let flink = Arc::new(Memory::default());
        let console = StreamPark::start(profile, flink.clone()).await;
        let template = console.template("lakegate-template", jar::ENTRY_CLASS).to_string();
        let client = Client::new(&console.url(), account("admin"), "100000").expect("an address");
        Self { console, flink, client, template: template.parse().expect("an id") }
    }

    /// The application, copied with placeholders.
    async fn copied(&self, name: &str) -> AppId {
        let args = arguments("it's hush").argv().streampark().expect("it can be written");
        match self.client.copy(&self.template, name, &args).await {
            Ok(Copied::As(id)) => id,
            other => panic!("{other:?}"),
        }
    }

    /// The application, built.
    async fn built(&self, name: &str) -> AppId {
        let id = self.copied(name).await;
        assert_eq!(self.client.build(&id, false).await, Ok(Built::Accepted));
        self.console.advance(Duration::from_secs(10));
        id
    }

    /// The application, running.
    async fn running(&self, name: &str) -> AppId {
        let id = self.built(name).await;
        assert_eq!(self.start(&id).await, Ok(Started::Accepted));
        self.console.advance(Duration::from_secs(20));
        id
    }

    async fn start(&self, id: &AppId) -> Result<Started, EngineError> {
        self.client.start(id, &From::default(), Some(&arguments("it's hush"))).await
    }

    async fn row(&self, name: &str) -> App {
        let mut found = self.client.find(name).await.expect("an answer");
        assert_eq!(found.len(), 1);
        found.remove(0)
    }

    fn living(&self) -> usize {
        self.flink.jobs().iter().filter(|job| job.end.is_none()).count()
    }
}

#[track_caller]
fn retry<T: std::fmt::Debug>(result: Result<T, EngineError>) -> String {
    match result {
        Err(EngineError::Retry(why)) => why,
        other => panic!("not a Retry: {other:?}"),
    }
}

#[tokio::test]
async fn an_application_is_copied_built_and_started_and_its_password_is_in_no_row() {
    for (profile, version) in [(Profile::V216, Version::V216), (Profile::V217, Version::V217)] {
        let stage = Stage::new(profile).await;
        assert_eq!(stage.client.version().await, Ok(version));
        let id = stage.running("lk-orders").await;
        let build = stage.client.pipeline(&id).await.expect("an answer").expect("a build");
        assert_eq!(build.status, BuildStatus::Success);
        let row = stage.row("lk-orders").await;
        assert_eq!((&row.id, row.state, row.release), (&id, AppState::Running, Release::Done));
        assert_eq!(row.job.map(|job| job.to_string()), stage.flink.jobs().first().map(|job| job.id.clone()));
        assert!(row.args.is_some_and(|args| !args.expose().contains("hush")), "a placeholder is stored");
        let plans = stage.flink.plans();
        assert!(plans[0].args.contains(&"password=it's hush".to_owned()), "the real one arrives, quotes and all");
        let log = stage.client.log(&id).await.expect("lines");
        assert_eq!((log[0].operation, log[0].success), (Operation::Start, true));
        assert_eq!(stage.client.clusters().await.map(|clusters| clusters.len()), Ok(1));
    }
}

#[tokio::test]
async fn a_console_without_a_flink_version_is_only_read() {
    let flink = Arc::new(Memory::default());
    let console = StreamPark::start(Profile::V216, flink).await;
    rustls::crypto::ring::default_provider().install_default().ok();
    let client = Client::new(&console.url(), account("admin"), "100000").expect("an address");
    assert_eq!(client.version().await, Ok(Version::Unknown(Unknown::NoEnv)));
    assert!(client.list("", 1).await.is_ok());
}

/// No. 1: the name's lock is the caller's; that two came about is seen.
#[tokio::test]
async fn two_applications_of_one_name_are_both_found() {
    let stage = Stage::new(Profile::V216).await;
    stage.client.version().await.expect("known before both begin");
    stage.console.fault("/flink/app/copy", Fault::Together(2), 2);
    let (one, two) = tokio::join!(stage.copied("lk-race"), stage.copied("lk-race"));
    let found = stage.client.find("lk-race").await.expect("an answer");
    assert_eq!(found.iter().map(|app| &app.id).collect::<std::collections::BTreeSet<_>>(), [&one, &two].into());
    let third = stage.client.copy(&stage.template, "lk-race", "").await;
    assert_eq!(third, Ok(Copied::NameInUse));
}

#[tokio::test]
async fn a_copy_whose_answer_was_lost_is_found_by_its_name() {
    for (fault, there) in [(Fault::LostBefore, 0), (Fault::LostAfter, 1), (Fault::Error, 0), (Fault::ErrorAfter, 1)] {
        let stage = Stage::new(Profile::V216).await;
        stage.console.fault("/flink/app/copy", fault.clone(), 1);
        retry(stage.client.copy(&stage.template, "lk_a", "").await);
        assert_eq!(stage.client.find("lk_a").await.map(|found| found.len()), Ok(there), "{fault:?}");
    }
    let stage = Stage::new(Profile::V216).await;
    stage.copied("lk-a").await;
    assert_eq!(stage.client.find("lk_a").await, Ok(Vec::new()), "a wildcard finds what is not meant");
    assert_eq!(stage.client.find("lk-").await, Ok(Vec::new()), "so does a part of a name");
    let unknown = "987654".parse().expect("an id");
    assert_eq!(stage.client.copy(&unknown, "lk-b", "").await, Ok(Copied::NoTemplate));
}

/// No. 2 and 17: the client makes one call; what it started is for the caller to look up in Flink.
#[tokio::test]
async fn a_start_whose_answer_was_lost_is_not_made_again_by_itself() {
    let stage = Stage::new(Profile::V216).await;
    let id = stage.built("lk-orders").await;
    stage.console.fault("/flink/app/start", Fault::LostAfter, 1);
    retry(stage.start(&id).await);
    stage.console.advance(Duration::from_secs(20));
    assert_eq!(stage.living(), 1);
    assert_eq!(stage.start(&id).await, Ok(Started::NotNow), "one after the other it is refused");
    assert_eq!(stage.living(), 1);
}

/// No. 3 and 6, as another client brings them about: for seconds the list answers 500.
#[tokio::test]
async fn a_list_that_answers_500_for_seconds_is_asked_again() {
    let stage = Stage::new(Profile::V216).await;
    stage.copied("lk-orders").await;
    stage.console.fault_for("/flink/app/list", Fault::Error, Duration::from_secs(5));
    retry(stage.client.find("lk-orders").await);
    stage.console.advance(Duration::from_secs(6));
    assert_eq!(stage.client.find("lk-orders").await.map(|found| found.len()), Ok(1));
}

/// No. 4: what an abort is for, and what it is not.
#[tokio::test]
async fn an_abort_frees_a_row_and_leaves_its_job() {
    let stage = Stage::new(Profile::V216).await;
    let id = stage.running("lk-orders").await;
    assert_eq!(stage.client.abort(&id).await, Ok(true));
    stage.console.advance(Duration::from_secs(5));
    assert_eq!((stage.row("lk-orders").await.state, stage.living()), (AppState::Canceled, 1));
    let unknown = "987654".parse().expect("an id");
    assert_eq!(stage.client.abort(&unknown).await, Ok(false));
}

/// No. 7 and 8: the row says RUNNING whatever becomes of Flink, and a start is refused for the moment only.
#[tokio::test]
async fn while_flink_is_away_rows_stay_and_starts_are_to_be_tried_again() {
    let stage = Stage::new(Profile::V216).await;
    stage.running("lk-orders").await;
    let idle = stage.built("lk-idle").await;
    stage.flink.set_reachable(false);
    stage.console.advance(Duration::from_mins(1));
    assert_eq!(stage.row("lk-orders").await.state, AppState::Running);
    assert!(retry(stage.start(&idle).await).contains("unavailable"));
    assert!(retry(stage.client.build(&idle, false).await).contains("unavailable"));
}

/// No. 10 and 11: the reason is in the log when StreamPark has it.
#[tokio::test]
async fn a_start_that_fails_in_the_program_says_why_in_the_log() {
    let stage = Stage::new(Profile::V216).await;
    let id = stage.built("lk-orders").await;
    let thrown = "java.sql.SQLException: Access denied for user 'cdc'@'localhost' (using password: YES)";
    stage.flink.next(Fate::Throws(thrown.to_owned()));
    assert_eq!(stage.start(&id).await, Ok(Started::Accepted));
    stage.console.advance(Duration::from_secs(20));
    assert_eq!(stage.row("lk-orders").await.state, AppState::Failed);
    let log = stage.client.log(&id).await.expect("lines");
    assert_eq!((log[0].operation, log[0].success), (Operation::Start, false));
    let why = log[0].sentence.as_deref().expect("a reason");
    assert!(why.starts_with("Access denied for user") && !why.contains("hush"), "{why}");
    let never_built = stage.copied("lk-new").await;
    match stage.start(&never_built).await {
        Ok(Started::Refused(why)) => assert!(why.contains("is it built?"), "{why}"),
        other => panic!("{other:?}"),
    }
}

/// No. 12: tokens end by a restart and by time, in the middle of whatever is done.
#[tokio::test]
async fn a_token_that_ends_in_the_middle_costs_one_sign_in() {
    let stage = Stage::new(Profile::V216).await;
    let id = stage.built("lk-orders").await;
    stage.console.restart();
    assert_eq!(stage.start(&id).await, Ok(Started::Accepted));
    stage.console.expire_sessions();
    assert!(stage.client.get(&id).await.expect("an answer").is_some());
    stage.console.fault("/flink/app/list", Fault::Unauthorised, 1);
    assert_eq!(stage.client.find("lk-orders").await.map(|found| found.len()), Ok(1));
}

/// No. 13: pages hold together.
#[tokio::test]
async fn every_application_is_on_one_page() {
    let stage = Stage::new(Profile::V216).await;
    for name in ["lk-1", "lk-2", "lk-3"] {
        stage.copied(name).await;
    }
    let page = stage.client.list("lk-", 1).await.expect("a page");
    assert_eq!(page.total, 3);
    assert!(page.apps.is_sorted_by_key(|app| app.id.clone()));
}

/// No. 14: a way back for a row whose job lives.
#[tokio::test]
async fn a_row_is_tied_to_its_living_job_again() {
    let stage = Stage::new(Profile::V216).await;
    let id = stage.running("lk-orders").await;
    let job = stage.row("lk-orders").await.job.expect("a job");
    assert_eq!(stage.client.abort(&id).await, Ok(true));
    assert_eq!(stage.client.remap(&id, &job).await, Ok(true));
    assert_eq!(stage.row("lk-orders").await.state, AppState::Mapping);
}

#[tokio::test]
async fn an_update_changes_what_it_should_and_nothing_else() {
    let stage = Stage::new(Profile::V216).await;
    let id = stage.running("lk-orders").await;
    let before = stage.row("lk-orders").await;
    let settings = "-Dexecution.checkpointing.interval=5s -Dstate.savepoints.dir=file:///savepoints";
    let change = Change { settings: Some(settings.to_owned()), ..Change::default() };
    assert_eq!(stage.client.update(&id, &change).await, Ok(true));
    let after = stage.row("lk-orders").await;
    assert_eq!(after.settings.as_deref(), Some(settings));
    assert_eq!((after.release, &after.args, &after.jar), (Release::Needed, &before.args, &before.jar));
    let unknown = "987654".parse().expect("an id");
    assert_eq!(stage.client.update(&unknown, &change).await, Ok(false));
    assert_eq!(stage.client.get(&unknown).await, Ok(None));
    assert_eq!(stage.client.delete(&id).await, Ok(true));
    assert_eq!((stage.client.delete(&id).await, stage.living()), (Ok(false), 1), "its job lives on");
}

#[tokio::test]
async fn who_may_not_is_told_so_and_a_locked_account_is_not_let_in() {
    let stage = Stage::new(Profile::V216).await;
    let id = stage.copied("lk-orders").await;
    stage.console.add_user("ana", &[(100_000, Role::Developer)]);
    let ana = Client::new(&stage.console.url(), account("ana"), "100000").expect("an address");
    match ana.delete(&id).await {
        Err(EngineError::Fail(why)) => assert!(why.contains("may not") && why.contains("app:delete"), "{why}"),
        other => panic!("{other:?}"),
    }
    stage.console.lock_user("ana", true);
    let locked = Client::new(&stage.console.url(), account("ana"), "100000").expect("an address");
    match locked.clusters().await {
        Err(EngineError::Fail(why)) => assert!(why.contains("locked"), "{why}"),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_page_of_a_proxy_is_not_taken_for_streampark() {
    let stage = Stage::new(Profile::V216).await;
    let id = stage.built("lk-orders").await;
    for status in [200, 404, 502] {
        stage.console.fault("/flink/app/get", Fault::Html(status), 1);
        retry(stage.client.get(&id).await);
        stage.console.fault("/flink/app/start", Fault::Html(status), 1);
        retry(stage.start(&id).await);
    }
    stage.console.advance(Duration::from_secs(20));
    assert_eq!(stage.living(), 0);
}
