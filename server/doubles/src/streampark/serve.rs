//! HTTP in, HTTP out: reads a request, lets the world answer it, and breaks the line when it is told to.
//!
//! Invariant: every answer has passed the faults, and no lock is held while something waits.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{ConnectInfo, DefaultBodyLimit, FromRequest, Multipart, Request, State};
use axum::http::header::{AUTHORIZATION, CONTENT_TYPE, COOKIE, ORIGIN, SET_COOKIE};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::response::Response;
use serde_json::Value;
use tokio::sync::Notify;

use super::answer::{Refusal, Said, spoken};
use super::clock::Clock;
use super::fault::Fault;
use super::form::{Form, Upload};
use super::gate::{is_open, wrong_method};
use super::start::START;
use super::token::Who;
use super::wire::Line;
use super::world::World;

/// The whole of what one request may be.
const LARGEST: usize = 64 << 20;

/// The world, its clock, and who waits in it.
pub(super) struct Inside {
    world: Mutex<World>,
    pub(super) clock: Clock,
    /// How many calls stand between check and effect, per path.
    gathered: Mutex<Vec<(String, usize)>>,
    together: Notify,
}

/// A request, taken apart.
struct Asked {
    method: String,
    path: String,
    headers: HeaderMap,
    form: Form,
    body: Value,
}

impl Inside {
    pub(super) fn new(world: World, clock: Clock) -> Self {
        Self { world: Mutex::new(world), clock, gathered: Mutex::default(), together: Notify::new() }
    }

    /// The world as it is at this moment: that of its clock, or of the cluster's when that is ahead.
    pub(super) fn world(&self) -> MutexGuard<'_, World> {
        let mut world = self.world.lock().unwrap_or_else(PoisonError::into_inner);
        let now = self.clock.now().max(world.cluster.now());
        world.go_on(now);
        world
    }

    /// Time goes by, if the clock is one that is moved.
    pub(super) fn advance(&self, by: Duration) {
        let mut world = self.world.lock().unwrap_or_else(PoisonError::into_inner);
        let until = self.clock.now().max(world.cluster.now()) + super::clock::millis(by);
        world.go_on(until);
        self.clock.move_to(until);
    }

    /// Between the check and the effect of a call that is not atomic.
    async fn gather(&self, path: &str) {
        let fault = {
            let mut world = self.world();
            let now = world.now;
            world.faults.take(now, path, |fault| matches!(fault, Fault::Together(_)))
        };
        let Some(Fault::Together(wanted)) = fault else { return };
        let count = || self.gathered.lock().unwrap_or_else(PoisonError::into_inner);
        let place = {
            let mut gathered = count();
            if !gathered.iter().any(|(of, _)| of == path) {
                gathered.push((path.to_owned(), 0));
            }
            let mine = gathered.iter_mut().find(|(of, _)| of == path).expect("put there just before");
            mine.1 += 1;
            mine.1
        };
        let wanted = place.div_ceil(wanted.max(1)) * wanted.max(1);
        self.together.notify_waiters();
        loop {
            let more = self.together.notified();
            if count().iter().any(|(of, count)| of == path && *count >= wanted) {
                return;
            }
            more.await;
        }
    }
}

/// Everything goes through one handler.
pub(super) fn router(inside: Arc<Inside>) -> Router {
    Router::new().fallback(answer).layer(DefaultBodyLimit::max(LARGEST)).with_state(inside)
}

async fn answer(State(inside): State<Arc<Inside>>, ConnectInfo(line): ConnectInfo<Line>, request: Request) -> Response {
    let asked = read(request).await;
    let fault = {
        let mut world = inside.world();
        let now = world.now;
        world.faults.take(now, &asked.path, Fault::of_the_line)
    };
    match fault {
        Some(Fault::LostBefore) => {
            line.cut();
            return Response::new(Body::empty());
        }
        Some(Fault::Slow(wait)) => tokio::time::sleep(wait).await,
        Some(Fault::Unauthorised) => return response(Err(Refusal::Token), None, &asked.headers),
        Some(Fault::Error) => return response(Err(broken()), None, &asked.headers),
        Some(Fault::Html(status)) => return html(status),
        _ => {}
    }
    let (said, who) = said(&inside, &asked).await;
    match fault {
        Some(Fault::LostAfter) => {
            line.cut();
            Response::new(Body::empty())
        }
        Some(Fault::ErrorAfter) => response(Err(broken()), None, &asked.headers),
        _ => response(said, who.as_ref(), &asked.headers),
    }
}

async fn said(inside: &Inside, asked: &Asked) -> (Said, Option<Who>) {
    let Asked { method, path, headers, form, body } = asked;
    let text = |name: HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
    let cookie = text(COOKIE).and_then(|all| all.split(';').find_map(|one| one.trim().strip_prefix("JSESSIONID=")));
    if path == "/" {
        return (Ok(super::answer::not_found(inside.world().now, "/index.html")), None);
    }
    if let Some(rest) = path.strip_prefix("/proxy/") {
        let world = inside.world();
        return (if method == "GET" { world.proxy(rest, cookie) } else { Err(wrong_method(method)) }, None);
    }
    let (who, form) = {
        let mut world = inside.world();
        let who = if is_open(path) { None } else { world.who(text(AUTHORIZATION), cookie) };
        if who.is_none() && !is_open(path) {
            return (Err(Refusal::Token), None);
        }
        let form = renamed(path, who.as_ref(), form);
        if let Some(said) = world.gate(method, path, who.as_ref(), &form) {
            return (said, who);
        }
        if let Some(said) = checked(&world, path, &form) {
            return (said, who);
        }
        (who, form)
    };
    if matches!(path.as_str(), "/flink/app/copy" | START) {
        inside.gather(path).await;
    }
    let said = inside.world().call(path, who.as_ref(), &form, body);
    (said, who)
}

/// The checks of the calls that are not atomic.
fn checked(world: &World, path: &str, form: &Form) -> Option<Said> {
    match path {
        "/flink/app/copy" => world.copy_check(form).err().map(Err),
        START => world.start_check(form).map(Ok),
        "/openapi/app/start" => world.open_start_check(form).err().map(Err),
        _ => None,
    }
}

/// The open API has other names for three fields, for access tokens only (streampark-api §5).
fn renamed(path: &str, who: Option<&Who>, form: &Form) -> Form {
    let mut form = form.clone();
    if path.starts_with("/openapi/app/") && who.is_some_and(|who| who.by_access) {
        let names = [
            ("argument", "args"),
            ("restoreFromSavepoint", "restoreOrTriggerSavepoint"),
            ("triggerSavepoint", "restoreOrTriggerSavepoint"),
        ];
        for (theirs, ours) in names {
            if let Some(value) = form.text(theirs).map(str::to_owned) {
                form.set(ours, &value);
            }
        }
    }
    form
}

async fn read(request: Request) -> Asked {
    let method = request.method().to_string();
    let path = request.uri().path().to_owned();
    let headers = request.headers().clone();
    let mut form = Form::default();
    form.read(request.uri().query().unwrap_or_default());
    let kind = headers.get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default().to_owned();
    let mut body = Value::Null;
    if kind.starts_with("multipart/form-data") {
        if let Ok(parts) = Multipart::from_request(request, &()).await {
            read_parts(parts, &mut form).await;
        }
    } else if let Ok(bytes) = to_bytes(request.into_body(), LARGEST).await {
        if kind.starts_with("application/x-www-form-urlencoded") {
            form.read(&String::from_utf8_lossy(&bytes));
        }
        if kind.starts_with("application/json") {
            body = serde_json::from_slice(&bytes).unwrap_or_default();
        }
    }
    Asked { method, path, headers, form, body }
}

async fn read_parts(mut parts: Multipart, form: &mut Form) {
    while let Ok(Some(part)) = parts.next_field().await {
        let (name, file) = (part.name().unwrap_or_default().to_owned(), part.file_name().map(str::to_owned));
        let Ok(bytes) = part.bytes().await else { return };
        match file {
            Some(file) => form.upload = Some(Upload { name: file, bytes: bytes.to_vec() }),
            None => form.set(&name, &String::from_utf8_lossy(&bytes)),
        }
    }
}

fn broken() -> Refusal {
    Refusal::Thrown(
        "org.springframework.transaction.CannotCreateTransactionException: Could not open JDBC Connection".to_owned(),
    )
}

fn html(status: u16) -> Response {
    let page = "<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n<center><h1>502 Bad Gateway</h1></center>\r\n\
                <hr><center>nginx</center>\r\n</body>\r\n</html>\r\n";
    let mut response = Response::new(Body::from(page));
    *response.status_mut() = StatusCode::from_u16(status).unwrap_or(StatusCode::BAD_GATEWAY);
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("text/html"));
    response
}

fn response(said: Said, who: Option<&Who>, asked: &HeaderMap) -> Response {
    let (status, kind, body) = spoken(said);
    let mut response = Response::new(Body::from(body));
    *response.status_mut() = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let headers = response.headers_mut();
    if let Some(kind) = kind {
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(kind));
    }
    if let Some(who) = who {
        headers.append(SET_COOKIE, HeaderValue::from_static("rememberMe=deleteMe; Path=/; Max-Age=0; SameSite=lax"));
        let cookie = who.new_session.as_ref().map(|session| format!("JSESSIONID={session}; path=/"));
        if let Some(cookie) = cookie.and_then(|cookie| HeaderValue::from_str(&cookie).ok()) {
            headers.append(SET_COOKIE, cookie);
        }
    }
    if let Some(origin) = asked.get(ORIGIN) {
        headers.insert(HeaderName::from_static("access-control-allow-origin"), origin.clone());
    }
    response
}
