//! Button: a verb with its number. While it is pending it says so and cannot be pressed twice.

use super::icon::{Icon, icon};
use crate::html::{AnyView, IntoAny, view};
use crate::react::Signal;

/// A button.
pub struct Button {
    class: &'static str,
    icon: Option<Icon>,
    label: String,
    key: Option<&'static str>,
    busy: Signal<bool>,
    disabled: bool,
}

impl Button {
    /// A button with a label.
    pub fn new(label: impl Into<String>) -> Self {
        Self { class: "btn", icon: None, label: label.into(), key: None, busy: Signal::stored(false), disabled: false }
    }

    /// The classes that say how it looks, `btn` first.
    #[must_use]
    pub fn class(self, class: &'static str) -> Self {
        Self { class, ..self }
    }

    /// An icon before the label.
    #[must_use]
    pub fn icon(self, icon: Icon) -> Self {
        Self { icon: Some(icon), ..self }
    }

    /// The key that does the same.
    #[must_use]
    pub fn key(self, key: &'static str) -> Self {
        Self { key: Some(key), ..self }
    }

    /// Pending while the signal is true.
    #[must_use]
    pub fn busy(self, busy: Signal<bool>) -> Self {
        Self { busy, ..self }
    }

    /// Cannot be pressed now.
    #[must_use]
    pub fn disabled(self, disabled: bool) -> Self {
        Self { disabled, ..self }
    }

    /// The button; `press` is called unless it is pending.
    pub fn on(self, press: impl Fn() + Send + 'static) -> AnyView {
        self.pressed(Box::new(press))
    }

    fn pressed(self, press: Box<dyn Fn() + Send>) -> AnyView {
        let Self { class, icon: image, label, key, busy, disabled } = self;
        let click = move |_| {
            if !busy.get_untracked() {
                press();
            }
        };
        view! {
            <button type="button" class=class disabled=disabled aria-busy=move || busy.get().then_some("true") on:click=click>
                {image.map(icon)}
                <span>{label}</span>
                {key.map(|key| view! { <kbd class="key" aria-hidden="true">{key}</kbd> })}
            </button>
        }
        .into_any()
    }
}

/// An icon alone, with its name.
pub fn icon_button(image: Icon, name: &str, press: impl Fn() + Send + 'static) -> AnyView {
    icon_pressed(image, name, Box::new(press))
}

fn icon_pressed(image: Icon, name: &str, press: Box<dyn Fn() + Send>) -> AnyView {
    let name = name.to_owned();
    view! {
        <button type="button" class="btn is-icon is-quiet" aria-label=name.clone() title=name on:click=move |_| press()>
            {icon(image)}
        </button>
    }
    .into_any()
}

/// A link that looks like a button.
pub fn link_button(class: &'static str, image: Option<Icon>, label: String, to: String) -> AnyView {
    view! { <a class=class href=to>{image.map(icon)}<span>{label}</span></a> }.into_any()
}
