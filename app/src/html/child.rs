//! What may stand in a place for children.

use std::borrow::Cow;

use super::Html;

/// Anything to see. Boxed, so that it is handed on as one number.
pub struct AnyView(Box<Child>);

/// Something to see.
pub enum Child {
    /// A text.
    Text(Cow<'static, str>),
    /// A view of ours.
    Html(Html),
    /// Several, or none.
    Many(Vec<Child>),
    /// Made anew whenever a signal that was read changes.
    Live(Box<dyn Make>),
}

/// What makes a child. Not `Fn`: of a boxed `Fn` the compiler also writes how it is called for the last time, for each.
pub trait Make: Send {
    /// The child as it is now.
    fn make(&self) -> Child;
}

impl<F: Fn() -> C + Send, C: IntoAny> Make for F {
    fn make(&self) -> Child {
        self().into_child()
    }
}

/// What can be seen.
pub trait IntoAny: Sized {
    /// As a child.
    fn into_child(self) -> Child;

    /// As anything to see.
    fn into_any(self) -> AnyView {
        AnyView(Box::new(self.into_child()))
    }
}

impl IntoAny for Child {
    fn into_child(self) -> Child {
        self
    }
}

impl IntoAny for Html {
    fn into_child(self) -> Child {
        Child::Html(self)
    }
}

impl IntoAny for AnyView {
    fn into_child(self) -> Child {
        *self.0
    }

    fn into_any(self) -> AnyView {
        self
    }
}

impl IntoAny for &'static str {
    fn into_child(self) -> Child {
        Child::Text(Cow::Borrowed(self))
    }
}

impl IntoAny for String {
    fn into_child(self) -> Child {
        Child::Text(Cow::Owned(self))
    }
}

impl IntoAny for usize {
    fn into_child(self) -> Child {
        self.to_string().into_child()
    }
}

impl IntoAny for () {
    fn into_child(self) -> Child {
        Child::Many(Vec::new())
    }
}

impl<C: IntoAny> IntoAny for Option<C> {
    fn into_child(self) -> Child {
        Child::Many(self.into_iter().map(IntoAny::into_child).collect())
    }
}

impl<C: IntoAny> IntoAny for Vec<C> {
    fn into_child(self) -> Child {
        Child::Many(self.into_iter().map(IntoAny::into_child).collect())
    }
}

impl<F: Fn() -> C + Send + 'static, C: IntoAny> IntoAny for F {
    fn into_child(self) -> Child {
        Child::Live(Box::new(self))
    }
}
