//! The jobs one may see, worst first.

use api::Page;
use api::jobs::{JobRow, JobTally, JobsPage};
use axum::extract::State;
use domain::doing::Doing;
use domain::ids::{RouteId, SourceId};
use serde::Deserialize;

use super::told::{Told, may_see};
use crate::http::caller::Caller;
use crate::http::input::{Json, Query, page_size};
use crate::http::problem::Answer;
use crate::http::views::Context;
use crate::state::AppState;

/// What a list is narrowed by.
#[derive(Debug, Deserialize)]
pub struct Wanted {
    q: Option<String>,
    source: Option<SourceId>,
    route: Option<RouteId>,
    doing: Option<Doing>,
    after: Option<String>,
    limit: Option<usize>,
}

/// The jobs one may see, worst first, with the sum of all of them.
pub async fn list(State(app): State<AppState>, by: Caller, Query(wanted): Query<Wanted>) -> Answer<Json<JobsPage>> {
    let mut tx = app.store.read().await?;
    let context = Context::load(&app, &mut tx).await?;
    let told = Told::load(&mut tx).await?;
    let seq = tx.changes().newest().await?;
    drop(tx);
    let seen = told.jobs.iter().filter(|job| may_see(&by, job, told.items(job)));
    let mut rows: Vec<_> = seen.map(|job| told.row(&context, job)).collect();
    let tally = JobTally::of(rows.iter().map(|row| row.doing));
    let words: Vec<_> = wanted.q.as_deref().unwrap_or_default().split_whitespace().map(str::to_lowercase).collect();
    rows.retain(|row| wanted.takes(row, &words));
    rows.sort_by_cached_key(key);
    if let Some(after) = &wanted.after {
        rows.retain(|row| key(row) > *after);
    }
    let size = page_size(wanted.limit);
    let more = rows.len() > size;
    rows.truncate(size);
    let next = rows.last().filter(|_| more).map(key);
    Ok(Json(JobsPage { tally, page: Page { rows, next, seq, now: context.now } }))
}

impl Wanted {
    fn takes(&self, row: &JobRow, words: &[String]) -> bool {
        let text = || format!("{} {} {}", row.name, row.source.1, row.route.1).to_lowercase();
        self.source.as_ref().is_none_or(|source| *source == row.source.0)
            && self.route.as_ref().is_none_or(|route| *route == row.route.0)
            && self.doing.is_none_or(|doing| doing == row.doing)
            && (words.is_empty() || words.iter().all(|word| text().contains(word)))
    }
}

/// By it a list is ordered and read on: what it does, worst first, then whether tables of it failed, then its name.
fn key(row: &JobRow) -> String {
    let fine = u8::from(row.tally.failed == 0);
    format!("{}{fine}{}", row.doing as u8, row.name)
}
