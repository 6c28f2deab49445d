//! Extractors that answer bad input with a problem. Clippy forbids axum's own elsewhere.

use axum::extract::rejection::JsonRejection;
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::request::Parts;
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::problem::Failure;
use api::problem::Code;

/// A JSON body, in or out.
#[derive(Debug)]
pub struct Json<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Json<T> {
    type Rejection = Failure;

    async fn from_request(request: Request, state: &S) -> Result<Self, Failure> {
        #[expect(clippy::disallowed_types, reason = "this is the one place that wraps it")]
        match axum::Json::<T>::from_request(request, state).await {
            Ok(axum::Json(value)) => Ok(Self(value)),
            Err(JsonRejection::MissingJsonContentType(_)) => Err(Failure::new(Code::NotJson)),
            Err(JsonRejection::BytesRejection(_)) => Err(Failure::new(Code::TooLarge)),
            Err(JsonRejection::JsonDataError(problem)) => Err(Failure::bad_input(short(&problem.body_text()))),
            Err(problem) => Err(Failure::bad_input(short(&problem.body_text()))),
        }
    }
}

impl<T: Serialize> IntoResponse for Json<T> {
    fn into_response(self) -> Response {
        axum::Json(self.0).into_response()
    }
}

/// Values of the path.
#[derive(Debug)]
pub struct Path<T>(pub T);

impl<T: DeserializeOwned + Send, S: Send + Sync> FromRequestParts<S> for Path<T> {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Failure> {
        // An id that is none names nothing: 404, as for one that is not there.
        #[expect(clippy::disallowed_types, reason = "this is the one place that wraps it")]
        match axum::extract::Path::<T>::from_request_parts(parts, state).await {
            Ok(axum::extract::Path(value)) => Ok(Self(value)),
            Err(_) => Err(Failure::not_found()),
        }
    }
}

/// Values of the query.
#[derive(Debug)]
pub struct Query<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for Query<T> {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Failure> {
        #[expect(clippy::disallowed_types, reason = "this is the one place that wraps it")]
        match axum::extract::Query::<T>::from_request_parts(parts, state).await {
            Ok(axum::extract::Query(value)) => Ok(Self(value)),
            Err(problem) => Err(Failure::bad_input(short(&problem.body_text()))),
        }
    }
}

/// The first words of what a parser says; the rest may repeat what was sent.
fn short(text: &str) -> String {
    let text = text.split_once(": ").map_or(text, |(_, rest)| rest);
    text.chars().take(120).collect()
}

/// How many rows of a list are asked for: at most 200, 50 when nothing is said.
pub fn page_size(limit: Option<usize>) -> usize {
    limit.unwrap_or(50).clamp(1, 200)
}
