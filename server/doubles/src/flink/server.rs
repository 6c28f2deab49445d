//! Takes a request, lets its fault strike, and has it answered.
//!
//! Invariant: the memory is never held while something waits.

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{FromRequest, Multipart, Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;

use super::answers::{self, Answer, Asked};
use super::route::{self, Call, Found};
use super::{Memory, Shared};
use crate::faults::{Fault, What, When};
use crate::serve::cut;

/// More than any request of ours.
const MOST_BYTES: usize = 64 * 1024 * 1024;

pub(super) fn router(shared: Shared) -> Router {
    Router::new().fallback(take).with_state(shared).layer(axum::extract::DefaultBodyLimit::disable())
}

async fn take(State(shared): State<Shared>, request: Request) -> Response {
    let path = request.uri().path().to_owned();
    let query = request.uri().query().unwrap_or_default().to_owned();
    let found = route::find(request.method(), &path);
    let call = found.as_ref().map_or(Call::Any, |found| found.call);
    let fault = shared.act(|memory| {
        *memory.calls.entry(call).or_default() += 1;
        memory.faults.strike(|hit| *hit == call || *hit == Call::Any)
    });
    if let Some(answer) = strike(fault.as_ref(), When::Before).await {
        return answer;
    }
    let Some(found) = found else { return respond(Answer::not_found(&path)) };
    let (file, body) = match body_of(&found, request).await {
        Ok(read) => read,
        Err(answer) => return respond(answer),
    };
    let asked = Asked { found, query, file, body };
    let (answer, died) = shared.act(|memory| {
        let answer = answer(memory, &asked);
        (answer, memory.dies)
    });
    if died {
        cut();
    }
    match strike(fault.as_ref(), When::After).await {
        Some(instead) => instead,
        None => respond(answer),
    }
}

fn answer(memory: &mut Memory, asked: &Asked) -> Answer {
    answers::to(memory, asked)
}

/// What a fault makes of a call on this side of the act: another answer, none at all, or only a wait.
async fn strike(fault: Option<&Fault>, side: When) -> Option<Response> {
    let fault = fault.filter(|fault| fault.when == side)?;
    match &fault.what {
        What::Drop => cut(),
        What::Hold(gate) => gate.wait().await,
        What::Slow(time) => tokio::time::sleep(*time).await,
        What::Status(status) => {
            let status = StatusCode::from_u16(*status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
            return Some(respond(Answer::internal(status)));
        }
        What::Html(status) => return Some(html(*status)),
    }
    None
}

/// The body of a request; for an upload the name of the file, and what is in it.
async fn body_of(found: &Found, request: Request) -> Result<(Option<String>, Vec<u8>), Answer> {
    if found.call != Call::Upload {
        let bytes = to_bytes(request.into_body(), MOST_BYTES).await;
        return bytes.map(|bytes| (None, bytes.to_vec())).map_err(|_| Answer::bad("Bad request received."));
    }
    let Ok(mut form) = Multipart::from_request(request, &()).await else { return Ok((None, Vec::new())) };
    while let Ok(Some(field)) = form.next_field().await {
        if let Some(name) = field.file_name().map(str::to_owned) {
            let bytes = field.bytes().await.map_err(|_| Answer::bad("Bad request received."))?;
            return Ok((Some(name), bytes.to_vec()));
        }
    }
    Ok((None, Vec::new()))
}

fn respond(answer: Answer) -> Response {
    let mut response = Response::new(Body::from(answer.body.to_string()));
    *response.status_mut() = answer.status;
    let json = HeaderValue::from_static("application/json; charset=UTF-8");
    response.headers_mut().insert(header::CONTENT_TYPE, json);
    response
}

fn html(status: u16) -> Response {
    let page = "<html><head><title>Gateway</title></head><body><h1>The gateway says hello</h1></body></html>";
    let mut response = Response::new(Body::from(page));
    *response.status_mut() = StatusCode::from_u16(status).unwrap_or(StatusCode::BAD_GATEWAY);
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("text/html"));
    response
}
