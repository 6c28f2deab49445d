//! A value that nothing follows.

use leptos::prelude::{ReadUntracked as _, Write as _};

use super::RwSignal;
use super::kept::MADE_FOR;

/// A value that lives as long as its part of the page, and that nothing is rendered by; a handle to copy. As `StoredValue`
/// of leptos, which is made anew for each type.
pub struct StoredValue<T>(RwSignal<T>);

impl<T> Clone for StoredValue<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for StoredValue<T> {}

impl<T: Send + Sync + 'static> StoredValue<T> {
    /// With its first value.
    pub fn new(value: T) -> Self {
        Self(RwSignal::new(value))
    }

    /// Looks at the value.
    pub fn with_value<R>(self, look: impl FnOnce(&T) -> R) -> R {
        self.0.with_untracked(look)
    }

    /// Looks at the value, where its part of the page may be gone.
    pub fn try_with_value<R>(self, look: impl FnOnce(&T) -> R) -> Option<R> {
        let value = self.0.boxed.try_read_untracked()?;
        Some(look((**value).downcast_ref().expect(MADE_FOR)))
    }

    /// The value.
    pub fn get_value(self) -> T
    where
        T: Clone,
    {
        self.with_value(T::clone)
    }

    /// The value, where its part of the page may be gone.
    pub fn try_get_value(self) -> Option<T>
    where
        T: Clone,
    {
        self.try_with_value(T::clone)
    }

    /// Becomes another value.
    pub fn set_value(self, value: T) {
        self.update_value(|kept| *kept = value);
    }

    /// Changes the value.
    pub fn update_value(self, change: impl FnOnce(&mut T)) {
        self.try_update_value(change);
    }

    /// Changes the value, where its part of the page may be gone; gives what the change gave.
    pub fn try_update_value<R>(self, change: impl FnOnce(&mut T) -> R) -> Option<R> {
        let mut value = self.0.boxed.try_write_untracked()?;
        Some(change((**value).downcast_mut().expect(MADE_FOR)))
    }
}
