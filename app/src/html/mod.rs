//! What `view!` makes: a template and what goes into its places.
//!
//! Why ours: in leptos each element, each attribute and each closure of a view is a type of its own, and each type costs
//! the browser code. Here all views are one type: what stands still is a text, what changes is a value. How a template
//! is written stands in the crate `view`; `stand` puts it into the browser's document and keeps it up to date.
//! Invariant: the places are filled in the order of the template; what stays the same stays in the document, with its
//! focus.

mod child;
mod leptos_view;
mod stand;
mod value;

use leptos::tachys::html::event::{EventDescriptor, Targeted};
use send_wrapper::SendWrapper;
use wasm_bindgen::JsCast;
use web_sys::{Element, Event, HtmlInputElement, HtmlSelectElement, HtmlTextAreaElement};

pub use view::view;

use self::child::Child;
pub use self::child::{AnyView, IntoAny};
pub use self::value::{IntoValue, Value};
use crate::react::RwSignal;

/// A view: a template, and what goes into its places. Boxed, so that a view is handed on as one number.
pub struct Html(Box<Filled>);

struct Filled {
    template: &'static str,
    children: Vec<Child>,
    marks: Vec<Mark>,
}

/// What a place among the attributes of an element gets.
enum Mark {
    Value(Value),
    On(SendWrapper<Told>),
    Give(SendWrapper<Give>),
}

type Told = Box<dyn Hear>;

/// What is told of an event. Not `FnMut`, as with what makes a child.
pub trait Hear {
    /// Hears of it.
    fn hear(&mut self, event: Event);
}

impl<F: FnMut(Event)> Hear for F {
    fn hear(&mut self, event: Event) {
        self(event);
    }
}

type Give = Box<dyn FnOnce(&Element)>;

impl Html {
    /// A view without anything in its places yet.
    pub fn new(template: &'static str) -> Self {
        Self(Box::new(Filled { template, children: Vec::new(), marks: Vec::new() }))
    }

    /// Fills the next place for a child.
    pub fn child(&mut self, child: impl IntoAny) {
        self.0.children.push(child.into_child());
    }

    /// Fills the next place for an attribute or a property.
    pub fn value(&mut self, value: impl IntoValue) {
        self.0.marks.push(Mark::Value(value.into_value()));
    }

    /// Tells of an event.
    pub fn on<E: EventDescriptor>(&mut self, _: E, mut told: impl FnMut(E::EventType) + 'static)
    where
        E::EventType: JsCast,
    {
        self.told(Box::new(move |event: Event| told(event.unchecked_into())));
    }

    /// Tells of an event at a line to type into.
    pub fn on_input(&mut self, mut told: impl FnMut(Targeted<Event, HtmlInputElement>) + 'static) {
        self.told(Box::new(move |event: Event| told(event.into())));
    }

    /// Tells of an event at several lines to type into.
    pub fn on_area(&mut self, mut told: impl FnMut(Targeted<Event, HtmlTextAreaElement>) + 'static) {
        self.told(Box::new(move |event: Event| told(event.into())));
    }

    /// Tells of an event at a choice.
    pub fn on_select(&mut self, mut told: impl FnMut(Targeted<Event, HtmlSelectElement>) + 'static) {
        self.told(Box::new(move |event: Event| told(event.into())));
    }

    fn told(&mut self, told: Told) {
        self.0.marks.push(Mark::On(SendWrapper::new(told)));
    }

    /// Gives the element away.
    pub fn give(&mut self, give: impl FnOnce(&Element) + 'static) {
        self.0.marks.push(Mark::Give(SendWrapper::new(Box::new(give))));
    }
}

/// An element that a view gives away, as a signal; a handle to copy.
#[derive(Clone, Copy)]
pub struct Given(RwSignal<Option<SendWrapper<Element>>>);

impl Given {
    /// Nothing yet: `node_ref=given.to()` gives the element.
    pub fn new() -> Self {
        Self(RwSignal::new(None))
    }

    /// What takes the element.
    pub fn to(self) -> impl FnOnce(&Element) + 'static {
        move |element| self.0.set(Some(SendWrapper::new(element.clone())))
    }

    /// The element, once it is there.
    pub fn get<E: JsCast>(self) -> Option<E> {
        self.0.get().map(|element| element.take().unchecked_into())
    }
}
