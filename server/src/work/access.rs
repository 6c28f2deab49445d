//! Opens what somebody was let in to read, once it is proven; what nobody brings any more is asked for anew.

use domain::change::{Actor, Change, Happened};
use domain::item::{Item, Kind};
use domain::proof::Proof;
use domain::time::Millis;

use super::provision::group;
use crate::state::AppState;
use crate::store::items::ItemRecord;
use crate::store::{StoreError, Tx};

/// At most so many are handled in one round; the longest waiting first.
const AT_ONCE: i64 = 5_000;

/// One look at everything that waits to be read. `true` when something was done.
pub async fn round(app: &AppState) -> Result<bool, StoreError> {
    let now = app.clock.now();
    let waiting = app.store.read().await?.items().reading_on(AT_ONCE).await?;
    if !waiting.iter().any(|record| goes_on(record, now)) {
        return Ok(false);
    }
    let mut tx = app.store.begin().await?;
    let (mut opened, mut taken_over) = (Vec::new(), Vec::new());
    for record in tx.items().reading_on(AT_ONCE).await? {
        if let Some(proof) = proof_of(&record) {
            let Ok(item) = record.item.open(proof, now) else { continue };
            tx.items().save(&item).await?;
            group(&mut opened, &item);
        } else {
            let Some(item) = instead(&mut tx, record, now).await? else { continue };
            tx.items().save(&item).await?;
            group(&mut taken_over, &item);
        }
    }
    let did = !opened.is_empty() || !taken_over.is_empty();
    for (request, items) in opened {
        let tables = items.len() as u64;
        tx.log(Change::of_request(&request, items, Actor::Lakegate, Happened::Opened { tables }));
    }
    for (request, items) in taken_over {
        let tables = items.len() as u64;
        tx.log(Change::of_request(&request, items, Actor::Lakegate, Happened::TakenOver { tables }));
    }
    tx.commit(now).await?;
    Ok(did)
}

fn proof_of(record: &ItemRecord) -> Option<Proof> {
    record.brought.as_ref().and_then(|brought| brought.state.proof().cloned())
}

fn goes_on(record: &ItemRecord, now: Millis) -> bool {
    match proof_of(record) {
        Some(proof) => record.item.clone().open(proof, now).is_ok(),
        None => true,
    }
}

/// What it was to read will not come: it reads what somebody else brings by now, else it asks for the table itself.
///
/// By another route its name in the lake may have gone to another table meanwhile: then it waits until that is free.
async fn instead(tx: &mut Tx, record: ItemRecord, now: Millis) -> Result<Option<Item>, StoreError> {
    let item = record.item;
    let living = match tx.items().living(&item.source, &item.table, &item.route).await? {
        None => tx.items().of_target(&item.target).await?.filter(|there| there.item.state.alive()),
        found => found,
    };
    if let Some(living) = living {
        let same = (&living.item.source, &living.item.table) == (&item.source, &item.table);
        return Ok(same.then_some(Item { kind: Kind::Read { of: living.item.id }, ..item }));
    }
    let odd = |refusal: domain::item::Refusal| StoreError::Inconsistent {
        table: "items",
        id: String::new(),
        what: refusal.to_string(),
    };
    item.bring_instead(now).map(Some).map_err(odd)
}
