//! Hears of lines that other replicas wrote: on PostgreSQL the newest number is looked up every second.

use std::time::Duration;

use crate::state::AppState;
use crate::store::{Dialect, StoreError};

/// How often other replicas are listened to.
const EVERY: Duration = Duration::from_secs(1);

/// Listens until the server stops. On SQLite there are no other replicas.
pub async fn run(app: AppState) {
    if app.store.dialect() == Dialect::Sqlite {
        return;
    }
    loop {
        tokio::select! {
            () = app.stop.cancelled() => return,
            () = tokio::time::sleep(EVERY) => {}
        }
        match newest(&app).await {
            Ok(seq) => app.store.bell().ring(seq),
            Err(problem) => tracing::warn!(error = ?problem, "the newest line cannot be read; tried again"),
        }
    }
}

async fn newest(app: &AppState) -> Result<i64, StoreError> {
    app.store.read().await?.changes().newest().await
}
