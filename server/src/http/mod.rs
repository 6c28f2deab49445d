//! Speaks to people: every route of the API, and the page.
//!
//! Why it exists: to turn a call into one transaction and its outcome into what travels.
//! Invariant: no rule is decided here; rights are asked of [`domain::rights::may`] only; each error is a problem document.

pub mod brakes;
pub mod caller;
mod chain;
pub mod checks;
pub mod drafts;
pub mod events;
pub mod grant;
pub mod guard;
pub mod health;
pub mod inbox;
pub mod input;
pub mod items;
pub mod jobs;
pub mod lake;
pub mod lookup;
pub mod me;
pub mod origin;
pub mod overview;
pub mod password;
pub mod people;
pub mod problem;
pub mod readings;
pub mod requests;
pub mod routes;
pub mod search;
pub mod sources;
pub mod spa;
pub mod tables;
pub mod views;

use std::time::Duration;

use api::paths;
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::{HeaderName, HeaderValue, Request, header};
use axum::routing::{delete, get, post, put};
use tower::ServiceBuilder;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::csrf::CsrfLayer;
use tower_http::request_id::{MakeRequestUuid, PropagateRequestIdLayer, SetRequestIdLayer};
use tower_http::set_header::SetResponseHeaderLayer;
use tower_http::trace::TraceLayer;

use crate::state::AppState;

/// The largest body taken: 5,000 tables with long names fit.
const BODY: usize = 4 * 1024 * 1024;

/// What the page may load and from where.
const POLICY: &str = "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' data:; \
                      object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

/// Everything that is served.
pub fn router(app: AppState) -> Router {
    let id = HeaderName::from_static("x-request-id");
    let fixed = |name: HeaderName, value: &'static str| {
        SetResponseHeaderLayer::if_not_present(name, HeaderValue::from_static(value))
    };
    let layers = ServiceBuilder::new()
        .layer(SetRequestIdLayer::new(id.clone(), MakeRequestUuid))
        .layer(PropagateRequestIdLayer::new(id))
        .layer(TraceLayer::new_for_http().make_span_with(span))
        .layer(axum::middleware::from_fn(problem::finish))
        .layer(CatchPanicLayer::custom(problem::panicked))
        .layer(fixed(header::CONTENT_SECURITY_POLICY, POLICY))
        .layer(fixed(header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .layer(fixed(header::REFERRER_POLICY, "same-origin"))
        .layer(fixed(HeaderName::from_static("cross-origin-opener-policy"), "same-origin"))
        .layer(csrf(&app));
    Router::new()
        .merge(answers())
        .route(paths::EVENTS, get(events::events))
        .route("/healthz", get(health::healthz))
        .route("/readyz", get(health::readyz))
        .fallback_service(spa::service())
        .method_not_allowed_fallback(problem::wrong_method)
        .layer(layers)
        .with_state(app)
}

/// The routes that answer once, and soon.
fn answers() -> Router<AppState> {
    Router::new()
        .route(paths::SESSION, get(me::gate).post(me::sign_in).delete(me::sign_out))
        .route(paths::SESSIONS, get(me::sessions))
        .route(paths::SESSION_ONE, delete(me::end_session))
        .route(paths::ME, get(me::me))
        .route(paths::PASSWORD, post(people::set_password))
        .route(paths::PEOPLE, get(people::list).post(people::add))
        .route(paths::PERSON_ONE, put(people::change))
        .route(paths::TEAM_ONE, put(people::rename_team))
        .route(paths::PERSON_LINK, post(people::link))
        .route(paths::SETUP, post(me::setup))
        .route(paths::TABLES, get(search::tables::list))
        .route(paths::FIND, get(search::anything::find))
        .route(paths::TABLE_ONE, get(tables::get))
        .route(paths::TABLES_LOOKUP, post(lookup::lookup))
        .route(paths::DRAFTS, get(drafts::list).post(drafts::make))
        .route(paths::DRAFT_ONE, get(drafts::get).put(drafts::save).delete(drafts::discard))
        .route(paths::DRAFT_CHECKS, get(drafts::checks))
        .route(paths::DRAFT_SPLIT, post(drafts::split))
        .route(paths::DRAFT_SUBMIT, post(drafts::submit::submit))
        .route(paths::TABLES_READ, post(readings::want))
        .route(paths::TABLES_CHANGES, get(readings::changes))
        .route(paths::CHOICES, get(tables::choices))
        .route(paths::SOURCES, get(sources::list).post(sources::add))
        .route(paths::SOURCE_ONE, get(sources::get).put(sources::change))
        .route(paths::SOURCE_RETIRE, post(sources::retire::retire).delete(sources::retire::bring_back))
        .route(paths::SOURCE_TEST, post(sources::test::test))
        .route(paths::ROUTES, get(routes::list).post(routes::add))
        .route(paths::ROUTE_ONE, put(routes::change))
        .route(paths::ROUTE_TEST, post(routes::test::test))
        .route(paths::BRAKES, get(brakes::list).post(brakes::pull))
        .route(paths::BRAKE_ONE, delete(brakes::lift))
        .route(paths::REQUESTS, get(requests::list::list).post(requests::submit::submit))
        .route(paths::REQUEST_ONE, get(requests::get::get))
        .route(paths::REQUEST_ITEMS, get(requests::get::items))
        .route(paths::REQUEST_TIMELINE, get(requests::get::timeline))
        .route(paths::REQUEST_DECISION, post(requests::decide::decide))
        .route(paths::REQUEST_TAKE_BACK, post(requests::answer::take_back))
        .route(paths::REQUEST_WITHDRAW, post(requests::answer::withdraw))
        .route(paths::REQUEST_RESUBMIT, post(requests::answer::resubmit))
        .route(paths::REQUEST_EDIT, post(drafts::edit::edit))
        .route(paths::ITEMS_TEND, post(items::tend))
        .route(paths::INBOX, get(inbox::list::list))
        .route(paths::INBOX_BATCH, post(inbox::batch::batch))
        .route(paths::INBOX_ONE, get(inbox::card::card))
        .route(paths::INBOX_LOOK, post(inbox::look::look).delete(inbox::look::leave))
        .route(paths::LAKE, get(lake::list))
        .route(paths::LAKE_ONE, get(lake::get))
        .route(paths::LAKE_ROWS, get(lake::rows))
        .route(paths::JOBS, get(jobs::list::list))
        .route(paths::JOB_ONE, get(jobs::get::get))
        .route(paths::OVERVIEW, get(overview::overview))
        .route(paths::REST, axum::routing::any(problem::no_such_path))
        .layer(DefaultBodyLimit::max(BODY))
        .layer(tower_http::compression::CompressionLayer::new())
        .layer(tower_http::timeout::TimeoutLayer::with_status_code(
            axum::http::StatusCode::SERVICE_UNAVAILABLE,
            Duration::from_mins(1),
        ))
        .layer(SetResponseHeaderLayer::if_not_present(header::CACHE_CONTROL, HeaderValue::from_static("no-store")))
}

/// Only pages of our own origin may change anything.
fn csrf(app: &AppState) -> CsrfLayer<fn(tower_http::csrf::ProtectionError) -> axum::response::Response> {
    let layer = match app.config.public_url.as_deref().and_then(origin::parse) {
        Some(origin) => CsrfLayer::new().add_trusted_origin(origin).expect("the settings were checked at start"),
        None => CsrfLayer::new(),
    };
    layer.with_rejection_response(problem::foreign_origin as fn(_) -> _)
}

/// One span a call: path without its query, so that nothing searched for stands in a log.
fn span<B>(request: &Request<B>) -> tracing::Span {
    let id = request.headers().get("x-request-id").and_then(|id| id.to_str().ok()).unwrap_or_default();
    tracing::info_span!("http", method = %request.method(), path = request.uri().path(), trace = id)
}
