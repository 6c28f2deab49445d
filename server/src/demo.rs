//! The demo: the bundled sample as a source, three people to sign in with, a route by the embedded engine.

use anyhow::{Context, Result};
use domain::change::{Actor, Change, Happened, Topic};
use domain::engine::SetUp;
use domain::person::Person;
use domain::route::Route;
use domain::source::Place;
use domain::tier::Tier;

use crate::http::password;
use crate::outside::source::sample::write_sample;
use crate::state::AppState;
use crate::store::sources::Source;

/// The password of everybody in the demo.
const PASSWORD: &str = "lakegate";
/// The folder of the sample, below that of sources.
const FOLDER: &str = "sample";

/// Writes the sample, and people, source and route, if they are not there yet.
pub async fn prepare(app: &AppState) -> Result<()> {
    let folder = app.config.sources().join(FOLDER);
    write_sample(&folder).await.context("cannot write the sample")?;
    let now = app.clock.now();
    let hash = password::hash(PASSWORD.to_owned().into()).await.map_err(|problem| anyhow::anyhow!("{problem:?}"))?;
    let mut tx = app.store.begin().await?;
    if tx.people().count().await? > 0 {
        return Ok(());
    }
    let analysts = tx.people().team(&app.ids.team(), "经营分析部").await?;
    let leasing = tx.people().team(&app.ids.team(), "租赁技术部").await?;
    let person = |login: &str, shown: &str, team, operator| Person {
        id: app.ids.person(),
        login: login.to_owned(),
        shown: shown.to_owned(),
        team,
        operator,
        disabled: false,
    };
    let people = [
        person("lin", "林晓雯", Some(analysts), false),
        person("chen", "陈建国", Some(leasing), false),
        person("ops", "周敏", None, true),
    ];
    for person in &people {
        tx.people().add(person, &hash).await?;
        let added = Happened::PersonAdded { login: person.login.clone() };
        tx.log(Change::of(Topic::Person, &person.id, Actor::Console, added));
    }
    let source = Source::new(app.ids.source(), "lease-demo", Place::sqlite(FOLDER));
    tx.sources().add(&source).await?;
    tx.sources().add_owner(&source.id, &people[1].id).await?;
    tx.log(Change::of(Topic::Source, &source.id, Actor::Console, Happened::SourceAdded { name: source.name.clone() }));
    let lake = "lake".parse().expect("a word is an id");
    let route = Route::new(lake, "lake", SetUp::Embedded, vec![Tier::Minutes, Tier::Daily]);
    tx.routes().add(&route).await?;
    tx.commit(now).await?;
    Ok(())
}
