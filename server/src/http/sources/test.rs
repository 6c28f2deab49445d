//! Tests what is typed of a source: every look at once, each with who must act.

use api::looks::{Look, Outcome, Tested};
use api::sources::SourceSave;
use axum::extract::State;
use domain::cause::Who;
use domain::ids::SourceId;
use domain::source::Place;
use domain::source::finding::{Finding, Severity};
use domain::time::Millis;
use secrecy::SecretString;

use super::form::{copying_password, parse};
use crate::http::caller::Operator;
use crate::http::input::Json;
use crate::http::problem::Answer;
use crate::http::views::Context;
use crate::outside::source::Given;
use crate::state::AppState;

/// Tests what is typed; nothing is kept. A source that is there lends the passwords that are not typed.
pub async fn test(State(app): State<AppState>, _: Operator, Json(save): Json<SourceSave>) -> Answer<Json<Tested>> {
    let mut tx = app.store.read().await?;
    let context = Context::load(&app, &mut tx).await?;
    let before = match &save.source {
        Some(id) => Some(tx.sources().get(id).await?),
        None => None,
    };
    drop(tx);
    let id = save.source.clone().unwrap_or_else(|| app.ids.source());
    // The name and the owners do not matter to the test.
    let mut tried = save.clone();
    if tried.form.name.trim().is_empty() {
        tried.form.name = "test".into();
    }
    let (source, _, _) = parse(&app, &tried, before.as_ref(), id.clone()).await?;
    let began = app.clock.now();
    let tested = findings(&app, &source.place, &save, save.source.as_ref()).await;
    let shown = shown(&context, &tested, &id, save.form.administrator.trim());
    Ok(Json(Tested { took: app.clock.now().since(began), ..shown }))
}

/// What a test finds at a place, with the passwords that were typed or are kept.
pub async fn findings(
    app: &AppState,
    place: &Place,
    save: &SourceSave,
    source: Option<&SourceId>,
) -> (Millis, Vec<Finding>) {
    let typed = |text: &str| (!text.is_empty()).then(|| SecretString::from(text.to_owned()));
    let given = Given {
        source: source.cloned(),
        catalogue: typed(&save.catalogue_password),
        copying: typed(copying_password(save)),
    };
    let at = app.clock.now();
    (at, app.outside.sources.test(place, &given).await)
}

/// Findings as a page shows them, worst first, with the names of who must act.
pub fn shown(
    context: &Context,
    (at, findings): &(Millis, Vec<Finding>),
    source: &SourceId,
    administrator: &str,
) -> Tested {
    let person = |finding: &Finding| match finding.code.who() {
        Who::SourceOwner if !administrator.is_empty() => administrator.to_owned(),
        who => context.who_acts(who, source),
    };
    let look = |finding: &Finding| Look {
        outcome: match finding.severity() {
            Severity::Fix => Outcome::Fix,
            Severity::Know => Outcome::Know,
            Severity::Unknown => Outcome::Unknown,
            Severity::Fine => Outcome::Fine,
        },
        said: finding.said.clone(),
        fix: finding.fix(),
        person: if finding.severity() == Severity::Fine { String::new() } else { person(finding) },
        sql: finding.sql.clone().unwrap_or_default(),
    };
    let mut looks: Vec<_> = findings.iter().map(look).collect();
    looks.sort_by_key(|look| look.outcome);
    Tested { at: *at, took: 0, looks }
}
