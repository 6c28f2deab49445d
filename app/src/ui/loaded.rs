//! Loaded: the only view of loading, failing and being there. Old rows stay while new ones come.

use api::domain::time::Millis;
use leptos::prelude::*;

use super::problem::{stale_box, trouble_box, trouble_title};
use super::skeleton::skeleton;
use crate::api::{Answer, Trouble};
use crate::clock;
use crate::format::Parts;
use crate::words::{Lang, reader};

/// A thing that is read from the server and read again when its bells ring.
pub type Feed<T> = LocalResource<Answer<T>>;

/// What is known of a thing: the newest good answer, and what is wrong with the newest try.
#[derive(Debug, Clone, PartialEq)]
struct Known<T> {
    good: Option<(T, Millis)>,
    trouble: Option<Trouble>,
}

impl<T: Clone + PartialEq> Known<T> {
    /// What is known after one more answer. The same again keeps the moment from which it is shown.
    fn after(self, answer: Option<Answer<T>>, now: Millis) -> Self {
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
pub fn loaded<T>(what: Feed<T>, ready: impl Fn(Signal<T>) -> AnyView + Send + 'static) -> AnyView
where
    T: Clone + PartialEq + Send + Sync + 'static,
{
    shown(what, ready, trouble_box)
}

/// The same for a whole page: what went wrong is then its heading.
pub fn loaded_page<T>(what: Feed<T>, ready: impl Fn(Signal<T>) -> AnyView + Send + 'static) -> AnyView
where
    T: Clone + PartialEq + Send + Sync + 'static,
{
    shown(what, ready, |lang, trouble| {
        view! { <h1 class="vh" tabindex="-1">{trouble_title(lang, trouble)}</h1>{trouble_box(lang, trouble)} }
            .into_any()
    })
}

fn shown<T>(
    what: Feed<T>,
    ready: impl Fn(Signal<T>) -> AnyView + Send + 'static,
    failed: fn(Lang, &Trouble) -> AnyView,
) -> AnyView
where
    T: Clone + PartialEq + Send + Sync + 'static,
{
    let known = Memo::new(move |before: Option<&Known<T>>| {
        let before = before.cloned().unwrap_or(Known { good: None, trouble: None });
        before.after(what.get(), clock::now())
    });
    let phase = Memo::new(move |_| {
        known.with(|known| match (&known.good, &known.trouble) {
            (Some(_), _) => Phase::Ready,
            (None, Some(trouble)) => Phase::Failed(trouble.clone()),
            (None, None) => Phase::Loading,
        })
    });
    let newest = Memo::new(move |_| known.with(|known| known.good.as_ref().map(|(thing, _)| thing.clone())));
    let thing = Signal::derive(move || newest.get().expect("only read once it is there, and it never goes away"));
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
        Phase::Ready => ready(thing),
    };
    view! { {stale}{shown} }.into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_good_stays_when_the_next_try_fails() {
        let known = Known { good: None, trouble: None };
        let known = known.after(None, Millis(1)).after(Some(Ok("rows")), Millis(2));
        assert_eq!(known.good, Some(("rows", Millis(2))));
        let known = known.after(Some(Err(Trouble::Away)), Millis(3));
        assert_eq!((known.good, known.trouble.clone()), (Some(("rows", Millis(2))), Some(Trouble::Away)));
        assert_eq!(known.after(Some(Ok("new")), Millis(4)), Known { good: Some(("new", Millis(4))), trouble: None });
    }
}
