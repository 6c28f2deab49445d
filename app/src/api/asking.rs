//! How the server is asked and its answers are read.
//!
//! Invariant: what differs from answer to answer is one function that reads a text; all else stands once in the page.

use std::cell::Cell;
use std::future::Future;
use std::marker::PhantomData;
use std::pin::Pin;
use std::task::{Context, Poll};

use api::domain::time::Millis;
use api::jobs::JobsPage;
use api::lake::LakePage;
use api::problem::{Code, Problem};
use api::{Page, Read};
use gloo_net::http::{Request, RequestBuilder};
use json::FromJson;
use leptos::prelude::*;
use serde::Serialize;

use super::{Answer, Trouble};
use crate::clock;
use crate::react::{Kept, Thing};

thread_local! {
    static DOOR: Cell<fn()> = const { Cell::new(|| {}) };
}

/// Says what happens when the server asks to sign in first.
pub fn on_signed_out(leave: fn()) {
    DOOR.set(leave);
}

/// Aborts what was sent with it when the owner it was made in goes.
#[derive(Clone, Copy)]
struct Abort(Option<StoredValue<web_sys::AbortController, LocalStorage>>);

impl Abort {
    fn on_cleanup() -> Self {
        let abort = web_sys::AbortController::new().ok().map(StoredValue::new_local);
        if let Some(abort) = abort {
            on_cleanup(move || {
                abort.try_with_value(web_sys::AbortController::abort);
            });
        }
        Self(abort)
    }

    fn to(self, request: RequestBuilder) -> RequestBuilder {
        let signal = self.0.and_then(|abort| abort.try_with_value(web_sys::AbortController::signal));
        request.abort_signal(signal.as_ref())
    }
}

/// The texts of what was asked for, in their order.
pub type Texts = Pin<Box<dyn Future<Output = Answer<Vec<String>>>>>;

/// What will be answered. It is asked and read as one type for all that can be answered.
pub struct Asking<T> {
    /// The same without its type.
    pub asked: Asked,
    of: PhantomData<fn() -> T>,
}

impl<T> Asking<T> {
    /// `read` keeps a `T`.
    pub fn new(texts: Texts, read: fn(&[String]) -> Option<Kept>) -> Self {
        Self { asked: Asked { texts, read }, of: PhantomData }
    }
}

impl<T: Thing> Future for Asking<T> {
    type Output = Answer<T>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Answer<T>> {
        Pin::new(&mut self.asked).poll(context).map(|answer| answer.map(Kept::taken))
    }
}

/// What will be answered, of whatever type.
pub struct Asked {
    texts: Texts,
    read: fn(&[String]) -> Option<Kept>,
}

impl Future for Asked {
    type Output = Answer<Kept>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Answer<Kept>> {
        let read = self.read;
        self.texts.as_mut().poll(context).map(|texts| read(&texts?).ok_or(Trouble::Odd))
    }
}

/// Asks for something.
pub fn get<T: FromJson + Thing>(url: &str) -> Asking<T> {
    Asking::new(got(url), said::<T>)
}

/// Asks for something with the moment at which it was read.
pub fn get_read<T: FromJson + Thing + PartialEq>(url: &str) -> Asking<Read<T>> {
    Asking::new(got(url), |texts| heard::<T>(texts).map(Kept::new))
}

/// Asks for something whose moment is only heard.
pub fn get_thing<T: FromJson + Thing>(url: &str) -> Asking<T> {
    Asking::new(got(url), |texts| heard::<T>(texts).map(|read| Kept::new(read.thing)))
}

/// What is read is no longer asked for when nobody waits for it.
fn got(url: &str) -> Texts {
    asked(Abort::on_cleanup().to(Request::get(url)).build().ok())
}

/// A list that is read in steps.
pub trait Steps: FromJson {
    /// Adds the rows of the next step.
    fn append(&mut self, more: Self);

    /// Hears the time. Without it two readings of the same rows are the same.
    fn settle(&mut self);
}

impl<T: FromJson> Steps for Page<T> {
    fn append(&mut self, more: Self) {
        self.rows.extend(more.rows);
        self.next = more.next;
        self.now = more.now;
    }

    fn settle(&mut self) {
        clock::hear(self.now);
        (self.seq, self.now) = (0, Millis(0));
    }
}

impl Steps for JobsPage {
    fn append(&mut self, more: Self) {
        self.page.append(more.page);
    }

    fn settle(&mut self) {
        self.page.settle();
    }
}

impl Steps for LakePage {
    fn append(&mut self, more: Self) {
        self.page.append(more.page);
    }

    fn settle(&mut self) {
        self.page.settle();
    }
}

/// The first `steps` steps of a list as one.
pub fn pages<T: Steps + Thing>(steps: usize, address: impl Fn(&str) -> String + 'static) -> Asking<T> {
    Asking::new(stepped(steps, Box::new(address)), joined::<T>)
}

fn stepped(steps: usize, address: Box<dyn Fn(&str) -> String>) -> Texts {
    let abort = Abort::on_cleanup();
    Box::pin(async move {
        let (mut texts, mut after) = (Vec::new(), String::new());
        loop {
            let request = abort.to(Request::get(&address(&after))).build().map_err(|_| Trouble::Odd)?;
            texts.push(text_of(request).await?);
            match texts.last().filter(|_| texts.len() < steps).and_then(|text| json::read(text)).and_then(Next::key) {
                Some(next) => after = next,
                None => return Ok(texts),
            }
        }
    })
}

/// Where a step says what the next one begins after: beside its rows, or in the page it holds.
#[derive(FromJson)]
struct Next {
    next: Option<String>,
    page: Option<Box<Next>>,
}

impl Next {
    fn key(self) -> Option<String> {
        self.next.or_else(|| self.page?.key())
    }
}

/// What a text says.
pub fn said<T: FromJson + Thing>(texts: &[String]) -> Option<Kept> {
    json::read::<T>(texts.first()?).map(Kept::new)
}

/// What a text says, with the moment at which it was read.
fn heard<T: FromJson>(texts: &[String]) -> Option<Read<T>> {
    json::read::<Read<T>>(texts.first()?).inspect(|read| clock::hear(read.now))
}

fn joined<T: Steps + Thing>(texts: &[String]) -> Option<Kept> {
    let (first, more) = texts.split_first()?;
    let mut list: T = json::read(first)?;
    for text in more {
        list.append(json::read(text)?);
    }
    list.settle();
    Some(Kept::new(list))
}

/// Sends something as JSON.
pub fn send<T: FromJson + Thing>(request: RequestBuilder, body: &impl Serialize) -> Asking<T> {
    let request = serde_json::to_string(body).ok().and_then(|text| with_body(request, text));
    Asking::new(asked(request), said::<T>)
}

fn with_body(request: RequestBuilder, text: String) -> Option<Request> {
    request.header("Content-Type", "application/json").body(text).ok()
}

/// Sends a request that says everything in its address.
pub fn read<T: FromJson + Thing>(request: RequestBuilder) -> Asking<T> {
    Asking::new(asked(request.build().ok()), said::<T>)
}

/// The same where the answer is a text, or nothing.
pub fn text(request: RequestBuilder) -> Asking<String> {
    Asking::new(asked(request.build().ok()), |texts| texts.first().cloned().map(Kept::new))
}

/// What is answered to a request that could be made.
pub fn asked(request: Option<Request>) -> Texts {
    Box::pin(async move { Ok(vec![text_of(request.ok_or(Trouble::Odd)?).await?]) })
}

/// The text of an answer that went well; else what the problem document says.
async fn text_of(request: Request) -> Answer<String> {
    let response = request.send().await.map_err(|_| Trouble::Away)?;
    let text = response.text().await.map_err(|_| Trouble::Away)?;
    if response.ok() {
        return Ok(text);
    }
    // What stands before the server answers in its own words when the server is gone.
    let odd = if response.status() < 500 { Trouble::Odd } else { Trouble::Away };
    let problem: Problem = json::read(&text).ok_or(odd)?;
    if problem.code == Code::SignInFirst {
        DOOR.get()();
    }
    Err(Trouble::Problem(Box::new(problem)))
}
