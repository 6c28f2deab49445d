//! The page: files inside the binary, and `index.html` for every path that only the page knows.

use std::future::{Ready, ready};
use std::io::{self, Cursor};
use std::path::PathBuf;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::SystemTime;

use axum::Router;
use axum::extract::Request;
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::{Html, IntoResponse, Response};
use rust_embed::RustEmbed;
use tokio::io::{AsyncRead, AsyncSeek, ReadBuf};
use tower_http::services::fs::{Backend, File, Metadata, ServeDir};

/// The files the page builder made. Read from disk in a dev build, inside the binary in a release.
#[derive(RustEmbed)]
#[folder = "$LAKEGATE_PAGE"]
#[allow_missing = true]
struct Page;

// Cargo does not see what the attribute reads: named here, another folder compiles this file anew.
const _: Option<&str> = option_env!("LAKEGATE_PAGE");

/// Serves the page.
pub fn service() -> Router {
    let files = ServeDir::with_backend("", Embedded)
        .append_index_html_on_directories(false)
        .precompressed_br()
        .precompressed_gzip()
        .fallback(Router::new().fallback(index));
    Router::new().fallback_service(files).layer(middleware::from_fn(caching))
}

/// Names in `assets/` carry a hash of their content, so they never change.
async fn caching(request: Request, next: Next) -> Response {
    let hashed = request.uri().path().starts_with("/assets/");
    let mut response = next.run(request).await;
    let rule =
        if hashed && response.status().is_success() { "public, max-age=31536000, immutable" } else { "no-cache" };
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static(rule));
    response
}

/// `index.html` for the paths of the page; not for files that are missing.
async fn index(request: Request) -> Response {
    let path = request.uri().path();
    if path.starts_with("/assets/") {
        return StatusCode::NOT_FOUND.into_response();
    }
    match Page::get("index.html") {
        Some(file) => Html(file.data).into_response(),
        None => (StatusCode::SERVICE_UNAVAILABLE, "The page was not built into this binary; make build does it.")
            .into_response(),
    }
}

/// The embedded files as a file system.
#[derive(Clone)]
struct Embedded;

struct Facts(u64, Option<u64>);

impl Metadata for Facts {
    fn is_dir(&self) -> bool {
        false
    }

    fn modified(&self) -> io::Result<SystemTime> {
        let seconds = self.1.ok_or(io::ErrorKind::Unsupported)?;
        Ok(SystemTime::UNIX_EPOCH + std::time::Duration::from_secs(seconds))
    }

    fn len(&self) -> u64 {
        self.0
    }
}

struct Open(Cursor<std::borrow::Cow<'static, [u8]>>, Option<u64>);

impl File for Open {
    type Metadata = Facts;
    type MetadataFuture<'a> = Ready<io::Result<Facts>>;

    fn metadata(&self) -> Self::MetadataFuture<'_> {
        ready(Ok(Facts(self.0.get_ref().len() as u64, self.1)))
    }
}

impl AsyncRead for Open {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_read(cx, buf)
    }
}

impl AsyncSeek for Open {
    fn start_seek(mut self: Pin<&mut Self>, position: io::SeekFrom) -> io::Result<()> {
        Pin::new(&mut self.0).start_seek(position)
    }

    fn poll_complete(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<u64>> {
        Pin::new(&mut self.0).poll_complete(cx)
    }
}

/// The name of a file inside the binary. `ServeDir` asks for `./assets/…`, which only a disk understands.
fn name(path: &std::path::Path) -> Option<&str> {
    path.strip_prefix(".").unwrap_or(path).to_str().map(|name| name.trim_start_matches('/'))
}

fn get(path: &std::path::Path) -> io::Result<Open> {
    let name = name(path).ok_or(io::ErrorKind::NotFound)?;
    let file = Page::get(name).ok_or(io::ErrorKind::NotFound)?;
    Ok(Open(Cursor::new(file.data), file.metadata.last_modified()))
}

impl Backend for Embedded {
    type File = Open;
    type Metadata = Facts;
    type OpenFuture = Ready<io::Result<Open>>;
    type MetadataFuture = Ready<io::Result<Facts>>;

    fn open(&self, path: PathBuf) -> Self::OpenFuture {
        ready(get(&path))
    }

    fn metadata(&self, path: PathBuf) -> Self::MetadataFuture {
        ready(get(&path).map(|open| Facts(open.0.get_ref().len() as u64, open.1)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_asked_for_by_the_name_it_has_inside_the_binary() {
        for path in ["./assets/app.js", "/assets/app.js", "assets/app.js"] {
            assert_eq!(name(std::path::Path::new(path)), Some("assets/app.js"), "{path}");
        }
    }
}
