//! Any value behind one type.

use std::any::Any;
use std::sync::Arc;

/// Anything that can be compared with what was there before.
pub trait Thing: Any + Send + Sync {
    /// Whether the other is the same.
    fn same(&self, other: &dyn Thing) -> bool;
}

impl<T: Any + Send + Sync + PartialEq> Thing for T {
    fn same(&self, other: &dyn Thing) -> bool {
        let other: &dyn Any = other;
        other.downcast_ref::<T>() == Some(self)
    }
}

/// A value that is shared and compared, of whatever type.
#[derive(Clone)]
pub struct Kept(Arc<dyn Thing>);

impl Kept {
    /// Keeps a value.
    pub fn new(thing: impl Thing) -> Self {
        Self(Arc::new(thing))
    }

    /// The value.
    pub fn of<T: 'static>(&self) -> &T {
        let thing: &dyn Any = &*self.0;
        thing.downcast_ref().expect(MADE_FOR)
    }

    /// The value, shared.
    pub fn shared<T: Send + Sync + 'static>(self) -> Arc<T> {
        let thing: Arc<dyn Any + Send + Sync> = self.0;
        thing.downcast().expect(MADE_FOR)
    }

    /// The value itself, where nobody else has it.
    pub fn taken<T: Send + Sync + 'static>(self) -> T {
        Arc::into_inner(self.shared()).expect("nobody has it yet")
    }
}

pub(super) const MADE_FOR: &str = "a handle is typed as what it was made for";

impl PartialEq for Kept {
    fn eq(&self, other: &Self) -> bool {
        (*self.0).same(&*other.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn things_of_different_types_are_never_the_same() {
        assert!(Kept::new("a") == Kept::new("a"));
        assert!(Kept::new("a") != Kept::new("b"));
        assert!(Kept::new("1") != Kept::new(1));
    }
}
