//! A value that changes, and what is rendered anew when it does.

use std::any::Any;
use std::marker::PhantomData;

use leptos::prelude as leptos;
use leptos::{Notify as _, ReadUntracked as _, Set as _, Track as _, Write as _};

use super::kept::MADE_FOR;

type Value = Box<dyn Any + Send + Sync>;
type Boxed = leptos::RwSignal<Value>;

/// A value that changes; a handle to copy. As `RwSignal` of leptos, which is made anew for each type.
pub struct RwSignal<T> {
    pub(super) boxed: Boxed,
    of: PhantomData<fn() -> T>,
}

impl<T> Clone for RwSignal<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for RwSignal<T> {}

impl<T: Send + Sync + 'static> RwSignal<T> {
    /// A signal with its first value.
    pub fn new(value: T) -> Self {
        Self { boxed: boxed(Box::new(value)), of: PhantomData }
    }

    /// What reads it is rendered anew when it changes.
    pub fn track(self) {
        self.boxed.track();
    }

    /// Looks at the value; what looks is rendered anew when it changes.
    pub fn with<R>(self, look: impl FnOnce(&T) -> R) -> R {
        self.track();
        self.with_untracked(look)
    }

    /// Looks at the value now.
    pub fn with_untracked<R>(self, look: impl FnOnce(&T) -> R) -> R {
        look(there(&self.boxed.read_untracked()))
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

    /// The value now, where the part of the page it belongs to may be gone.
    pub fn try_get_untracked(self) -> Option<T>
    where
        T: Clone,
    {
        self.boxed.try_read_untracked().map(|value| there::<T>(&value).clone())
    }

    /// Becomes another value.
    pub fn set(self, value: T) {
        put(self.boxed, Box::new(value));
    }

    /// Becomes another value, where the part of the page it belongs to may be gone.
    pub fn try_set(self, value: T) {
        self.set(value);
    }

    /// Changes the value.
    pub fn update(self, change: impl FnOnce(&mut T)) {
        self.try_update(change);
    }

    /// Changes the value, where the part of the page it belongs to may be gone; gives what the change gave.
    pub fn try_update<R>(self, change: impl FnOnce(&mut T) -> R) -> Option<R> {
        let mut value = self.boxed.try_write()?;
        Some(change((**value).downcast_mut().expect(MADE_FOR)))
    }

    /// Has everything that reads it rendered anew.
    pub fn notify(self) {
        self.boxed.notify();
    }
}

impl<T: Default + Send + Sync + 'static> Default for RwSignal<T> {
    fn default() -> Self {
        Self::new(T::default())
    }
}

fn boxed(value: Value) -> Boxed {
    leptos::RwSignal::new(value)
}

fn put(boxed: Boxed, value: Value) {
    boxed.set(value);
}

fn there<T: 'static>(value: &Value) -> &T {
    (**value).downcast_ref().expect(MADE_FOR)
}
