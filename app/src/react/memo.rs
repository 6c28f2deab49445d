//! What follows from signals.

use std::any::Any;
use std::marker::PhantomData;
use std::sync::Arc;

use leptos::prelude as leptos;
use leptos::{GetValue as _, Read as _, ReadUntracked as _, Track as _};

use super::kept::MADE_FOR;
use super::{Kept, RwSignal, Thing};

/// A value that follows from signals, and tells only of another value; a handle to copy. As `Memo` of leptos, which is
/// made anew for each type.
pub struct Memo<T> {
    kept: leptos::Memo<Kept>,
    of: PhantomData<fn() -> T>,
}

impl<T> Clone for Memo<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Memo<T> {}

impl<T: Thing> Memo<T> {
    /// What `value` says, from the value before.
    pub fn new(value: impl Fn(Option<&T>) -> T + Send + Sync + 'static) -> Self {
        let value = move |before: Option<&Kept>| Kept::new(value(before.map(Kept::of)));
        Self { kept: kept(Box::new(value)), of: PhantomData }
    }

    /// What reads it is rendered anew when it changes.
    pub fn track(self) {
        self.kept.track();
    }

    /// Looks at the value; what looks is rendered anew when it changes.
    pub fn with<R>(self, look: impl FnOnce(&T) -> R) -> R {
        look(self.kept.read().of())
    }

    /// Looks at the value now.
    pub fn with_untracked<R>(self, look: impl FnOnce(&T) -> R) -> R {
        look(self.kept.read_untracked().of())
    }

    /// The value; what reads it is rendered anew when it changes.
    pub fn get(self) -> T
    where
        T: Clone,
    {
        self.with(T::clone)
    }

    /// The value now.
    pub fn get_untracked(self) -> T
    where
        T: Clone,
    {
        self.with_untracked(T::clone)
    }
}

type Following = Box<dyn Fn(Option<&Kept>) -> Kept + Send + Sync>;

fn kept(value: Following) -> leptos::Memo<Kept> {
    leptos::Memo::new(value)
}

/// A value that is read somewhere; a handle to copy. As `Signal` of leptos, which is made anew for each type.
pub struct Signal<T> {
    read: leptos::StoredValue<Reading>,
    of: PhantomData<fn() -> T>,
}

type Reading = Arc<dyn Fn() -> Box<dyn Any> + Send + Sync>;

impl<T> Clone for Signal<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Signal<T> {}

impl<T: 'static> Signal<T> {
    /// What `read` says whenever it is asked.
    pub fn derive(read: impl Fn() -> T + Send + Sync + 'static) -> Self {
        Self { read: stored(Arc::new(move || Box::new(read()))), of: PhantomData }
    }

    /// Always the same.
    pub fn stored(value: T) -> Self
    where
        T: Clone + Send + Sync,
    {
        Self::derive(move || value.clone())
    }

    /// The value; what reads it is rendered anew when it changes.
    pub fn get(self) -> T {
        let read = self.read.get_value();
        *read().downcast().expect(MADE_FOR)
    }

    /// The value now.
    pub fn get_untracked(self) -> T {
        leptos::untrack(|| self.get())
    }
}

fn stored(read: Reading) -> leptos::StoredValue<Reading> {
    leptos::StoredValue::new(read)
}

impl<T: Clone + Send + Sync + 'static> From<RwSignal<T>> for Signal<T> {
    fn from(signal: RwSignal<T>) -> Self {
        Self::derive(move || signal.get())
    }
}

impl<T: Thing + Clone> From<Memo<T>> for Signal<T> {
    fn from(memo: Memo<T>) -> Self {
        Self::derive(move || memo.get())
    }
}
