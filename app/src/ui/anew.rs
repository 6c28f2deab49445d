//! Anew: a part of a page that is rendered anew when what it reads changes.
//!
//! Why it exists: each closure in a view is a type of its own, and each type costs the browser a kilobyte. Behind a box
//! they are all one. What stays the same stays in the page, with its focus.

use crate::html::{AnyView, IntoAny};

/// Renders again whenever a signal that was read changes.
pub fn anew<V: IntoAny>(view: impl Fn() -> V + Send + 'static) -> AnyView {
    view.into_any()
}
