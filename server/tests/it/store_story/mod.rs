//! One story, told through every method of the store: people come, tables are found, asked for, let in, brought, proven.
//! On SQLite always, on PostgreSQL when the tests are given a server.

mod asking;
mod bringing;
mod drafts;
mod log;
mod people;
mod places;

use lakegate::store::items::ItemRecord;

use crate::place::{Place, id, people_and_places};

#[tokio::test]
async fn one_story_through_every_method() {
    for place in Place::each().await {
        people_and_places(&place).await;
        people::people(&place).await;
        people::changes(&place).await;
        people::sessions(&place).await;
        places::sources(&place).await;
        places::routes(&place).await;
        places::brakes(&place).await;
        places::catalogue(&place).await;
        asking::asking(&place).await;
        asking::one_item_lives(&place).await;
        asking::reading(&place).await;
        asking::deciding(&place).await;
        drafts::drafts(&place).await;
        drafts::in_bulk(&place).await;
        bringing::jobs(&place).await;
        bringing::bringing(&place).await;
        bringing::copies(&place).await;
        bringing::runs(&place).await;
        log::the_log(&place).await;
        place.leave().await;
    }
}

async fn record(place: &Place, what: &str) -> ItemRecord {
    place.read().await.items().get(&id(what)).await.expect("is there")
}
