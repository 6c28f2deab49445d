//! What travels of jobs and of the overview, spelled out.

use api::domain::args::changes::Changed;
use api::domain::cause::Who;
use api::domain::doing::Doing;
use api::domain::said::Said;
use api::domain::tally::Tally;
use api::domain::tier::Tier;
use api::domain::time::Millis;
use api::jobs::{EngineSays, JobRow, JobTableRow, JobTally, JobView, JobsPage, RunRow};
use api::lake::LakeTally;
use api::overview::{CauseRow, ClusterRow, ClusterSeen, Overview, SourceLoad};
use api::requests::ProblemBox;

use crate::wire::wire;
use crate::wire_samples::{id, item_row, page, read};

fn job_row() -> JobRow {
    JobRow {
        name: "lg-lease-m-lake".into(),
        source: (id("lease"), "lease".into()),
        route: (id("lake"), "lake".into()),
        engine: "flink".into(),
        tier: Tier::Minutes,
        doing: Doing::Running,
        tally: Tally { ready: 1, running: 2, failed: 0, waiting: 0, ended: 0 },
        since: Some(Millis(10)),
        starts: 2,
        checkpoint: Some(Millis(60)),
        as_of: None,
        trouble: Some(Said::new("job.ended").text("what", "no slots")),
    }
}

fn job_tally() -> JobTally {
    JobTally { running: 1, starting: 2, changing: 3, failed: 4, unknown: 5, ended: 6 }
}

#[test]
fn jobs() {
    wire("jobs_page", &JobsPage { tally: job_tally(), page: page(job_row()) });
    let says = EngineSays {
        word: Some("RUNNING".into()),
        parts: Some((2, 3)),
        id: "00ff".into(),
        link: "http://flink:8081/#/job/running/00ff/overview".into(),
        at: Millis(70),
    };
    let changed = Changed { name: "mysql_conf server-id".into(), was: Some("1-2".into()), is: Some("3-4".into()) };
    let run = RunRow {
        number: 2,
        at: Millis(10),
        stage: "ended".into(),
        ended_at: Some(Millis(20)),
        why: Some("no slots".into()),
        restored: Some("file:///sp".into()),
        checkpoint: Some(Millis(15)),
        tables: 3,
        changes: vec![changed],
    };
    let view = JobView {
        row: job_row(),
        says: Some(says),
        databases: vec!["ods_lease".into()],
        tables: vec![JobTableRow { item: item_row(), request: (id("request-1"), "R-1001".into()) }],
        more: 2,
        runs: vec![run],
    };
    wire("job_view", &read(view));
    wire("doings", &Doing::ALL.to_vec());
    let sum: u64 = Doing::ALL.into_iter().map(|doing| job_tally().part(doing)).sum();
    assert_eq!(job_tally().total(), sum);
}

#[test]
fn the_overview() {
    let problem = ProblemBox {
        said: Said::new("overview.late"),
        next: Said::new("overview.late_next"),
        who: Who::Lakegate,
        person: String::new(),
        since: Millis(30),
        items: vec![],
        tables: vec!["ods_lease.contract".into()],
        count: 1,
        again_at: None,
    };
    let seen = ClusterSeen { version: "1.20.2".into(), slots: 8, free: 3, workers: 2 };
    let overview = Overview {
        tables: LakeTally { ready: 1, late: 2, failed: 3, paused: 4, unknown: 5 },
        jobs: job_tally(),
        causes: vec![CauseRow { failed: false, problem }],
        clusters: vec![ClusterRow {
            routes: vec![(id("lake"), "lake".into())],
            address: "http://flink:8081".into(),
            seen: Some(seen),
            at: Millis(70),
        }],
        sources: vec![SourceLoad { id: id("lease"), name: "lease".into(), tables: 3, copying: 1, limit: 2 }],
        approved: 4,
        approved_since: Some(Millis(5)),
        queued: 2,
        due_since: None,
    };
    wire("overview", &read(overview));
}
