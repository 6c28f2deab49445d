//! Tests sources by itself, on a schedule and beside all other work: who looks at a source sees how it is without pressing
//! a button.
//!
//! One test a source at a time, each within a limit; what one finds is kept with its age, and dropped when somebody
//! changed the source meanwhile. A line is written only when the findings are others than before.

use std::time::Duration;

use domain::change::{Actor, Change, Happened, Topic};
use domain::source::finding::{Finding, FindingCode, Severity, acts};
use domain::time::MINUTE;

use super::beside::Beside;
use crate::outside::source::Given;
use crate::state::AppState;
use crate::store::StoreError;
use crate::store::sources::{Settings, Source};

/// How soon a source is tested again of which something is to fix, at the latest.
const AGAIN: i64 = 5 * MINUTE;
/// Sources tested at a time.
const AT_A_TIME: usize = 4;
/// How long a test may take.
const PATIENCE: Duration = Duration::from_mins(2);

/// The tests under way in this process.
#[derive(Debug)]
pub struct Tests(Beside);

impl Default for Tests {
    fn default() -> Self {
        Self(Beside::none("a test"))
    }
}

impl Tests {
    /// Begins the tests that are due. `true` when one began or ended.
    pub async fn round(&mut self, app: &AppState) -> Result<bool, StoreError> {
        let mut did = self.0.reap();
        if app.config.test_every == 0 || self.0.count() >= AT_A_TIME {
            return Ok(did);
        }
        let mut tx = app.store.read().await?;
        let (sources, settings) = (tx.sources().all().await?, tx.sources().settings().await?);
        drop(tx);
        for source in sources.into_iter().filter(|source| source.retired.is_none()) {
            let Some(settings) = settings.iter().find(|settings| settings.source == source.id) else { continue };
            if is_due(app, settings) && self.0.count() < AT_A_TIME && !self.0.is_at(&source.id) {
                let (app, settings) = (app.clone(), settings.clone());
                self.0.begin(source.id.clone(), async move { test(&app, &source, &settings, PATIENCE).await });
                did = true;
            }
        }
        Ok(did)
    }

    /// Waits for the tests under way.
    pub async fn rest(&mut self) {
        self.0.rest().await;
    }
}

fn is_due(app: &AppState, settings: &Settings) -> bool {
    let every = app.config.test_every;
    settings.tested.as_ref().is_none_or(|(at, findings)| {
        let pause = if to_fix(findings) > 0 { every.min(AGAIN) } else { every };
        app.clock.now().since(*at) >= pause
    })
}

fn to_fix(findings: &[Finding]) -> u64 {
    findings.iter().filter(|finding| finding.severity() == Severity::Fix).count() as u64
}

/// Tests a source by the passwords that are kept, and waits at most so long.
pub async fn test(app: &AppState, source: &Source, settings: &Settings, patience: Duration) -> Result<(), StoreError> {
    let given = Given { source: Some(source.id.clone()), ..Given::default() };
    let tested = tokio::time::timeout(patience, app.outside.sources.test(&source.place, &given)).await;
    let findings = tested.unwrap_or_else(|_| vec![Finding::new(FindingCode::Away).text("what", &source.name)]);
    let now = app.clock.now();
    let mut tx = app.store.begin().await?;
    if !tx.sources().tested(settings, now, &findings).await? {
        return Ok(());
    }
    let before = settings.tested.as_ref().map(|(_, findings)| findings.as_slice());
    let news = match before {
        Some(before) => acts(before) != acts(&findings),
        None => to_fix(&findings) > 0,
    };
    if news {
        let tested = Happened::SourceTested { name: source.name.clone(), fix: to_fix(&findings) };
        tx.log(Change::of(Topic::Source, &source.id, Actor::Lakegate, tested));
    }
    tx.commit(now).await.map(drop)
}
