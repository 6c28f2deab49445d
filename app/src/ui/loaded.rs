//! Loaded: the only view of loading, failing and being there. Old rows stay while new ones come.
//!
//! What is read is kept behind one type, so that the machinery stands once in the page and not once per thing.

use std::marker::PhantomData;
use std::sync::Arc;

use api::domain::time::Millis;

use super::anew::anew;
use super::problem::{stale_box, trouble_box, trouble_title};
use super::skeleton::skeleton;
use crate::api::{Answer, Asked, Asking, Trouble};
use crate::clock;
use crate::format::Parts;
use crate::html::{AnyView, IntoAny, view};
use crate::react::{Kept, Memo, RwSignal, StoredValue, Thing, effect, spawn};
use crate::words::{Lang, reader};

/// A thing that is read from the server and read again when its bells ring; a handle to copy.
pub struct Feed<T> {
    newest: Newest,
    of: PhantomData<fn() -> T>,
}

impl<T> Clone for Feed<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Feed<T> {}

impl<T: Thing> Feed<T> {
    /// Reads now, and again whenever a signal that `read` tracks changes.
    pub fn new(read: impl Fn() -> Asking<T> + 'static) -> Self {
        Self { newest: newest(Box::new(move || read().asked)), of: PhantomData }
    }

    /// The newest answer; nothing before the first.
    pub fn get(self) -> Option<Answer<Arc<T>>> {
        self.newest.get().map(|answer| answer.map(Kept::shared))
    }
}

/// The newest answer; nothing before the first. Ours and not a resource of leptos, which also knows servers, streams and
/// suspense.
type Newest = RwSignal<Option<Answer<Kept>>>;

fn newest(read: Box<dyn Fn() -> Asked>) -> Newest {
    let (newest, round) = (RwSignal::new(None), StoredValue::new(0u32));
    effect(move || {
        let reading = read();
        round.update_value(|round| *round += 1);
        let mine = round.get_value();
        spawn(async move {
            let answer = reading.await;
            // An answer that was overtaken, or that nobody waits for any more, is dropped.
            if round.try_get_value() == Some(mine) {
                newest.try_set(Some(answer));
            }
        });
    });
    newest
}

/// A thing that is there, as a signal; a handle to copy.
pub struct Shown<T> {
    newest: Memo<Option<Kept>>,
    of: PhantomData<fn() -> T>,
}

impl<T> Clone for Shown<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Shown<T> {}

impl<T: Send + Sync + 'static> Shown<T> {
    /// The thing now; what reads it is rendered anew when it changes.
    pub fn get(self) -> Arc<T> {
        there(self.newest.get()).shared()
    }

    /// Looks at the thing now.
    pub fn with<R>(self, look: impl FnOnce(&T) -> R) -> R {
        look(there(self.newest.get()).of())
    }

    /// The thing now, for an answer to a click.
    pub fn get_untracked(self) -> Arc<T> {
        there(self.newest.get_untracked()).shared()
    }

    /// Looks at the thing now, for an answer to a click.
    pub fn with_untracked<R>(self, look: impl FnOnce(&T) -> R) -> R {
        look(there(self.newest.get_untracked()).of())
    }
}

fn there(kept: Option<Kept>) -> Kept {
    kept.expect("only read once it is there, and it never goes away")
}

/// What is known of a thing: the newest good answer, and what is wrong with the newest try.
#[derive(Clone, PartialEq)]
struct Known {
    good: Option<(Kept, Millis)>,
    trouble: Option<Trouble>,
}

impl Known {
    const NOTHING: Self = Self { good: None, trouble: None };

    /// What is known after one more answer. Where the same came again, what was there is kept.
    fn after(self, answer: Option<Answer<Kept>>, now: Millis) -> Self {
        match (answer, self.good) {
            (None, good) => Self { good, trouble: None },
            (Some(Ok(thing)), Some((old, _))) if old == thing => Self { good: Some((old, now)), trouble: None },
            (Some(Ok(thing)), _) => Self { good: Some((thing, now)), trouble: None },
            (Some(Err(trouble)), good) => Self { good, trouble: Some(trouble) },
        }
    }
}

#[derive(Clone, PartialEq)]
enum Phase {
    Loading,
    Failed(Trouble),
    Ready,
}

/// Shows a thing once it is there; before that a skeleton, or what went wrong.
///
/// `ready` is called once, with the thing as a signal: what it renders stays in the page while the thing changes.
pub fn loaded<T: 'static>(what: Feed<T>, ready: impl Fn(Shown<T>) -> AnyView + Send + 'static) -> AnyView {
    let ready = move |newest| ready(Shown { newest, of: PhantomData });
    shown(what.newest, Box::new(ready), trouble_box)
}

/// The same for a whole page: what went wrong is then its heading.
pub fn loaded_page<T: 'static>(what: Feed<T>, ready: impl Fn(Shown<T>) -> AnyView + Send + 'static) -> AnyView {
    let ready = move |newest| ready(Shown { newest, of: PhantomData });
    shown(what.newest, Box::new(ready), |lang, trouble| {
        view! {
            <h1 class="vh" tabindex="-1">{trouble_title(lang, trouble)}</h1>
            {trouble_box(lang, trouble)}
        }
        .into_any()
    })
}

fn shown(
    what: Newest,
    ready: Box<dyn Fn(Memo<Option<Kept>>) -> AnyView + Send>,
    failed: fn(Lang, &Trouble) -> AnyView,
) -> AnyView {
    let known = Memo::new(move |before: Option<&Known>| {
        before.cloned().unwrap_or(Known::NOTHING).after(what.get(), clock::now())
    });
    let phase = Memo::new(move |_| {
        known.with(|known| match (&known.good, &known.trouble) {
            (Some(_), _) => Phase::Ready,
            (None, Some(trouble)) => Phase::Failed(trouble.clone()),
            (None, None) => Phase::Loading,
        })
    });
    let newest = Memo::new(move |_| known.with(|known| known.good.as_ref().map(|(thing, _)| thing.clone())));
    let reader = reader();
    let stale = move || {
        known.with(|known| match known {
            Known { good: Some((_, at)), trouble: Some(trouble) } => {
                Some(stale_box(reader.lang(), trouble, Parts::of(*at).clock_with_seconds()))
            }
            _ => None,
        })
    };
    let shown = move || match phase.get() {
        Phase::Loading => skeleton(reader.lang()),
        Phase::Failed(trouble) => failed(reader.lang(), &trouble),
        Phase::Ready => ready(newest),
    };
    view! {
        {anew(stale)}
        {anew(shown)}
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kept(text: &'static str) -> Kept {
        Kept::new(text)
    }

    fn good(known: &Known) -> Option<(&'static str, Millis)> {
        known.good.as_ref().map(|(thing, at)| (*thing.of::<&str>(), *at))
    }

    #[test]
    fn what_was_good_stays_when_the_next_try_fails() {
        let known = Known::NOTHING.after(None, Millis(1)).after(Some(Ok(kept("rows"))), Millis(2));
        assert_eq!(good(&known), Some(("rows", Millis(2))));
        let known = known.after(Some(Err(Trouble::Away)), Millis(3));
        assert_eq!((good(&known), known.trouble.clone()), (Some(("rows", Millis(2))), Some(Trouble::Away)));
        let known = known.after(Some(Ok(kept("new"))), Millis(4));
        assert_eq!((good(&known), known.trouble), (Some(("new", Millis(4))), None));
    }
}
