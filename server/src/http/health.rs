//! Is it alive, is it ready: for load balancers and supervisors.

use axum::extract::State;
use axum::http::StatusCode;

use crate::state::AppState;

/// The process answers.
pub async fn healthz() -> &'static str {
    "ok"
}

/// The store answers, and the server is not stopping.
pub async fn readyz(State(app): State<AppState>) -> (StatusCode, &'static str) {
    if app.stop.is_cancelled() {
        return (StatusCode::SERVICE_UNAVAILABLE, "stopping");
    }
    let newest = async { app.store.read().await?.changes().newest().await };
    match newest.await {
        Ok(_) => (StatusCode::OK, "ready"),
        Err(problem) => {
            tracing::warn!(error = ?problem, "not ready");
            (StatusCode::SERVICE_UNAVAILABLE, "the store does not answer")
        }
    }
}
