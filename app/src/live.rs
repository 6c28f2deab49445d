//! The live stream: one `EventSource`, and bells that say "read again".
//!
//! Why it exists: what happened elsewhere is heard here and nowhere else. Events carry no truth, they only ring the bell
//! of their topic; who shows something reads it again when its bell rings.
//! Invariant: the first stream opens after the line that was read first, so nothing falls between; every stream after
//! it rings all bells, because what was missed cannot be known.

use std::collections::HashMap;
use std::time::Duration;

use api::changes::{CHANGE, ChangeView, GOODBYE, PROGRESS, ProgressView, RESET};
use api::domain::change::Topic;
use api::domain::ids::RequestId;
use api::domain::time::Millis;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::Closure;
use web_sys::{EventSource, MessageEvent};

use crate::react::{RwSignal, StoredValue, spawn};
use crate::{api as calls, clock};

/// The first pause before the stream is opened again; it doubles up to [`MOST_PAUSE`].
const PAUSE: u64 = 500;
const MOST_PAUSE: u64 = 30_000;
/// Bells that ring within this time ring once.
const GATHER: Duration = Duration::from_millis(150);

/// Whether what is shown follows the server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mark {
    /// It does.
    Live,
    /// The stream is lost since then; it is opened again.
    Stale(Millis),
}

/// The stream and its bells; a handle to copy.
#[derive(Clone, Copy)]
pub struct Live {
    topics: [RwSignal<u32>; 5],
    requests: StoredValue<HashMap<RequestId, RwSignal<u32>>>,
    /// What has rung and is not passed on yet: topics by their place, requests by id.
    rung: StoredValue<Rung>,
    mark: RwSignal<Mark>,
    seq: StoredValue<i64>,
    failures: StoredValue<u32>,
    source: leptos::prelude::StoredValue<Option<EventSource>, LocalStorage>,
    /// The owner of the app: bells of requests live as long as it.
    owner: StoredValue<Owner>,
    leave: StoredValue<fn()>,
}

#[derive(Default)]
struct Rung {
    armed: bool,
    all: bool,
    topics: [bool; 5],
    requests: Vec<RequestId>,
}

impl Live {
    /// A stream that is not open yet; `leave` is called when the server says goodbye.
    pub fn new(leave: fn()) -> Self {
        Self {
            topics: std::array::from_fn(|_| RwSignal::new(0)),
            requests: StoredValue::new(HashMap::new()),
            rung: StoredValue::new(Rung::default()),
            mark: RwSignal::new(Mark::Live),
            seq: StoredValue::new(0),
            failures: StoredValue::new(0),
            source: leptos::prelude::StoredValue::new_local(None),
            owner: StoredValue::new(Owner::current().unwrap_or_default()),
            leave: StoredValue::new(leave),
        }
    }

    /// Opens the stream after a line of the log; a hidden tab closes it and opens it again when it is seen.
    pub fn start(self, seq: i64) {
        self.seq.set_value(seq);
        self.open();
        let seen = window_event_listener_untyped("visibilitychange", move |_| {
            if document().hidden() {
                self.close();
            } else if self.source.with_value(Option::is_none) {
                self.open();
                self.ring_all();
            }
        });
        on_cleanup(move || {
            seen.remove();
            self.close();
        });
    }

    /// Reads again when anything of the topic changes.
    pub fn track(self, topic: Topic) {
        self.topics[place(topic)].track();
    }

    /// Reads again when the request, its items or their progress change.
    pub fn track_request(self, id: &RequestId) {
        let known = self.requests.with_value(|bells| bells.get(id).copied());
        let bell = known.unwrap_or_else(|| {
            let bell = self.owner.with_value(|owner| owner.with(|| RwSignal::new(0)));
            self.requests.update_value(|bells| {
                bells.insert(id.clone(), bell);
            });
            bell
        });
        bell.track();
    }

    /// Whether what is shown follows the server.
    pub fn mark(self) -> Mark {
        self.mark.get()
    }

    fn open(self) {
        let Ok(source) = EventSource::new(&calls::events(self.seq.get_value())) else { return };
        listen(&source, "open", move |_| self.opened());
        listen(&source, "error", move |_| self.lost());
        listen(&source, CHANGE, move |data| {
            if let Some(change) = json::read::<ChangeView>(&data) {
                self.changed(change);
            }
        });
        listen(&source, PROGRESS, move |data| {
            if let Some(progress) = json::read::<ProgressView>(&data) {
                self.ring(|rung| rung.requests.extend(progress.requests));
            }
        });
        listen(&source, RESET, move |_| self.ring_all());
        listen(&source, GOODBYE, move |_| {
            self.close();
            self.leave.get_value()();
        });
        self.source.set_value(Some(source));
    }

    fn close(self) {
        self.source.try_update_value(|source| {
            if let Some(source) = source.take() {
                source.close();
            }
        });
    }

    fn opened(self) {
        if self.failures.get_value() > 0 {
            self.ring_all();
        }
        self.failures.set_value(0);
        self.mark.set(Mark::Live);
    }

    /// The stream broke: open a new one after a pause, for ever. The browser's own way back gives up after an HTTP error.
    fn lost(self) {
        self.close();
        if self.mark.get_untracked() == Mark::Live {
            self.mark.set(Mark::Stale(clock::now()));
        }
        let failures = self.failures.get_value();
        self.failures.set_value(failures.saturating_add(1));
        set_timeout(
            move || {
                if !document().hidden() && self.source.try_with_value(Option::is_none) == Some(true) {
                    self.open();
                }
            },
            Duration::from_millis(pause(failures, chance())),
        );
        // A stream cannot say why it broke. If it was the session, this call leads to the sign-in page.
        spawn(async {
            let _ = calls::me().await;
        });
    }

    fn changed(self, change: ChangeView) {
        self.seq.update_value(|seq| *seq = change.seq.max(*seq));
        self.ring(|rung| {
            rung.topics[place(change.topic)] = true;
            rung.requests.extend(change.request);
        });
    }

    fn ring_all(self) {
        self.ring(|rung| rung.all = true);
    }

    /// Notes what rang and passes it on a little later, so that a hundred events are one reading.
    fn ring(self, note: impl FnOnce(&mut Rung)) {
        let armed = self.rung.try_update_value(|rung| {
            note(rung);
            std::mem::replace(&mut rung.armed, true)
        });
        if armed == Some(false) {
            set_timeout(move || self.pass_on(), GATHER);
        }
    }

    fn pass_on(self) {
        let Some(rung) = self.rung.try_update_value(std::mem::take) else { return };
        for (bell, rang) in self.topics.iter().zip(rung.topics) {
            if rang || rung.all {
                bell.update(|count| *count = count.wrapping_add(1));
            }
        }
        let bells: Vec<_> = self.requests.with_value(|bells| {
            let heard = |id: &RequestId| rung.all || rung.requests.contains(id);
            bells.iter().filter(|(id, _)| heard(id)).map(|(_, bell)| *bell).collect()
        });
        for bell in bells {
            bell.update(|count| *count = count.wrapping_add(1));
        }
    }
}

/// The stream, from the context that `App` provides.
pub fn live() -> Live {
    expect_context()
}

const fn place(topic: Topic) -> usize {
    match topic {
        Topic::Request => 0,
        Topic::Lake => 1,
        Topic::Job => 2,
        Topic::Source => 3,
        Topic::Person => 4,
    }
}

/// How long to wait before the next try: doubling, half of it by chance (of 1,000), so that not all come back at once.
fn pause(failures: u32, chance: u64) -> u64 {
    let most = PAUSE.saturating_mul(1 << failures.min(10)).min(MOST_PAUSE);
    most / 2 + most * chance / 2_000
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "below 1,000")]
fn chance() -> u64 {
    (js_sys::Math::random() * 1_000.0) as u64
}

/// Listens for as long as the page lives: closing the source ends it.
fn listen(source: &EventSource, name: &str, hear: impl FnMut(String) + 'static) {
    let mut hear = hear;
    let heard = Closure::<dyn FnMut(web_sys::Event)>::new(move |event: web_sys::Event| {
        let data = event.dyn_ref::<MessageEvent>().and_then(|message| message.data().as_string());
        hear(data.unwrap_or_default());
    });
    let _ = source.add_event_listener_with_callback(name, heard.as_ref().unchecked_ref());
    heard.forget();
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_and_stay_below_half_a_minute() {
        assert_eq!(pause(0, 0), 250);
        assert_eq!(pause(3, 0), 2_000);
        assert_eq!(pause(99, 1_000), MOST_PAUSE);
        assert!((0..20).all(|failures| pause(failures, 500) <= pause(failures + 1, 500)));
    }
}
