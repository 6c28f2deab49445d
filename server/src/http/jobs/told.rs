//! What is known of all jobs, read by three statements, and a job as a list shows it.

use std::collections::{BTreeMap, BTreeSet};

use api::jobs::JobRow;
use domain::cause::Cause;
use domain::doing::Doing;
use domain::ids::{JobId, PersonId};
use domain::item::State;
use domain::job::Job;
use domain::rights::{Thing, Verb, may};
use domain::run::{Run, Stage};
use domain::said::Said;
use domain::tally::{Part, Tally};

use crate::http::caller::Caller;
use crate::http::problem::Answer;
use crate::http::views::Context;
use crate::store::Tx;
use crate::store::items::ItemRecord;
use crate::work::reconcile::known;

/// Everything that is known of jobs.
pub struct Told {
    /// The jobs, by name.
    pub jobs: Vec<Job>,
    items: BTreeMap<JobId, Vec<ItemRecord>>,
    runs: BTreeMap<String, Run>,
}

impl Told {
    /// Reads them.
    pub async fn load(tx: &mut Tx) -> Answer<Self> {
        let (jobs, items) = (tx.jobs().all().await?, tx.jobs().items().await?);
        Ok(Self { jobs, items, runs: tx.runs().newest_of_all().await? })
    }

    /// A job's items.
    pub fn items(&self, job: &Job) -> &[ItemRecord] {
        self.items.get(&job.id).map_or(&[], Vec::as_slice)
    }

    /// All items that jobs bring.
    pub fn all_items(&self) -> impl Iterator<Item = &ItemRecord> {
        self.items.values().flatten()
    }

    /// A job as a list shows it.
    pub fn row(&self, context: &Context, job: &Job) -> JobRow {
        row(context, job, self.items(job), self.runs.get(&job.name))
    }

    /// What a job does.
    pub fn doing(&self, context: &Context, job: &Job) -> Doing {
        doing(context, job, self.items(job), self.runs.get(&job.name))
    }
}

/// Whether the caller may see a job that brings these.
pub fn may_see(by: &Caller, job: &Job, items: &[ItemRecord]) -> bool {
    let requesters: BTreeSet<PersonId> = items.iter().map(|record| record.item.requester.clone()).collect();
    may(&by.viewer, Verb::SeeJob, Thing::Job { source: &job.source, requesters: &requesters })
}

fn doing(context: &Context, job: &Job, items: &[ItemRecord], run: Option<&Run>) -> Doing {
    let state = |record| (state_of(record), known(record, context.now));
    Doing::of(job.wanted, run, items.iter().map(state))
}

const fn state_of(record: &ItemRecord) -> &State {
    &record.item.state
}

/// A job as a list shows it, by its items and its newest start.
pub fn row(context: &Context, job: &Job, items: &[ItemRecord], run: Option<&Run>) -> JobRow {
    let route = context.routes.iter().find(|route| route.id == job.route);
    let parts = items.iter().map(|record| (Part::of(&record.item.state, known(record, context.now)), 1));
    let proofs = items.iter().filter_map(|record| record.item.state.proof());
    JobRow {
        name: job.name.clone(),
        source: (job.source.clone(), context.source_name(&job.source)),
        route: (job.route.clone(), context.route_name(&job.route).to_owned()),
        engine: route.map(|route| route.engine.word().to_owned()).unwrap_or_default(),
        tier: job.tier,
        doing: doing(context, job, items, run),
        tally: Tally::of(parts),
        since: run.map(|run| run.begun_at),
        starts: run.map_or(0, |run| run.number.into()),
        checkpoint: run.and_then(|run| run.checkpoint.as_ref()).map(|checkpoint| checkpoint.at),
        as_of: proofs.map(|proof| proof.read_at).min(),
        trouble: run.and_then(why).or_else(|| trouble(items)),
    }
}

/// Why the newest start ended by itself.
fn why(run: &Run) -> Option<Said> {
    match &run.stage {
        Stage::Ended { why: Some(why), .. } => Some(Said::new("job.ended").text("what", why)),
        Stage::Begun | Stage::Accepted | Stage::Stopping { .. } | Stage::Ended { why: None, .. } => None,
    }
}

/// What is wrong with the first table that is wrong.
fn trouble(items: &[ItemRecord]) -> Option<Said> {
    let failed = items.iter().find_map(|record| match &record.item.state {
        State::Failed { cause, .. } => Some(cause),
        _ => None,
    });
    let going_on = || items.iter().find_map(|record| record.item.trouble.as_ref());
    failed.or_else(going_on).map(|cause: &Cause| cause.said.clone())
}
