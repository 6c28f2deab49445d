//! A view that stands in the browser's document, and how it follows the next one.

use std::borrow::Cow;

use leptos::prelude::Owner;
use leptos::reactive::effect::RenderEffect;
use leptos::tachys::renderer::types::Placeholder;
use leptos::tachys::renderer::{RemoveEventHandler, Rndr};
use leptos::tachys::view::Mountable;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Element, Node, Text};

use super::child::{Child, Make};
use super::{Filled, Hear, Html, Mark, Value};

const PLACE: char = '\u{1}';
const SVG: &str = "http://www.w3.org/2000/svg";

/// A view that stands.
pub struct Stand {
    template: &'static str,
    /// What has no parent within the view.
    tops: Vec<Top>,
    children: Vec<There>,
    marks: Vec<Marked>,
}

enum Top {
    Node(Node),
    /// One of the children.
    Child(usize),
}

/// A child that stands.
pub enum There {
    Text(Text, Cow<'static, str>),
    Html(Stand),
    /// With what stands behind the last of them.
    Many(Vec<There>, Placeholder),
    Live(Live<There>),
}

/// A place among the attributes.
struct Marked {
    element: Element,
    name: &'static str,
    now: Now,
}

enum Now {
    Value(Value),
    Live(Live<Value>),
    On { _told: RemoveEventHandler<Element> },
    Given,
}

/// What is made anew by itself. Its value goes first: the effect may be held a moment longer.
pub struct Live<T: 'static>(RenderEffect<T>);

impl<T: 'static> Drop for Live<T> {
    fn drop(&mut self) {
        drop(self.0.take_value());
    }
}

impl Stand {
    /// Builds what the template says.
    pub fn of(html: Html) -> Self {
        let Filled { template, children, marks } = *html.0;
        let mut stand = Self { template, tops: Vec::new(), children: Vec::new(), marks: Vec::new() };
        let (mut children, mut marks) = (children.into_iter(), marks.into_iter());
        let mut open: Vec<Element> = Vec::new();
        let mut rest = template;
        while let Some(at) = rest.find(['<', PLACE]) {
            if at > 0 {
                stand.put(open.last(), Rndr::create_text_node(&rest[..at]).into());
            }
            let place = rest[at..].starts_with(PLACE);
            rest = &rest[at + 1..];
            if place {
                stand.children.extend(children.next().map(Child::stand));
                match (open.last(), stand.children.last_mut()) {
                    (Some(parent), Some(child)) => child.mount(parent, None),
                    _ => stand.tops.push(Top::Child(stand.children.len() - 1)),
                }
            } else if let Some(after) = rest.strip_prefix("/>") {
                open.pop();
                rest = after;
            } else {
                let element;
                (element, rest) = stand.element(rest, &mut marks);
                stand.put(open.last(), element.clone().into());
                match rest.strip_prefix("/>") {
                    Some(after) => rest = after,
                    None => {
                        open.push(element);
                        rest = &rest[1..];
                    }
                }
            }
        }
        if !rest.is_empty() {
            stand.put(None, Rndr::create_text_node(rest).into());
        }
        stand
    }

    fn put(&mut self, parent: Option<&Element>, node: Node) {
        match parent {
            Some(parent) => Rndr::insert_node(parent, &node, None),
            None => self.tops.push(Top::Node(node)),
        }
    }

    /// An element with its attributes; what follows begins with its `>` or `/>`.
    fn element(&mut self, tag: &'static str, marks: &mut std::vec::IntoIter<Mark>) -> (Element, &'static str) {
        let (tag, space) = match tag.strip_prefix('!') {
            Some(tag) => (tag, Some(SVG)),
            None => (tag, None),
        };
        let (tag, mut rest) = tag.split_at(tag.find([' ', '/', '>']).unwrap_or(tag.len()));
        let element = Rndr::create_element(tag, space);
        while let Some((name, value)) = rest.strip_prefix(' ').and_then(|rest| rest.split_once('=')) {
            if let Some(after) = value.strip_prefix(PLACE) {
                rest = after;
                self.marks.extend(marks.next().map(|mark| Marked::new(element.clone(), name, mark)));
            } else {
                let (value, after) = value[1..].split_once('"').unwrap_or_default();
                rest = after;
                Rndr::set_attribute(&element, name, value);
            }
        }
        (element, rest)
    }

    /// Becomes the next view; what is the same stays.
    pub fn follow(&mut self, html: Html) {
        if std::ptr::eq(self.template, html.0.template) {
            for (there, child) in self.children.iter_mut().zip(html.0.children) {
                child.follow(there);
            }
            for (marked, mark) in self.marks.iter_mut().zip(html.0.marks) {
                marked.follow(mark);
            }
        } else {
            let mut next = Self::of(html);
            self.insert_before_this(&mut next);
            self.unmount();
            *self = next;
        }
    }
}

impl Child {
    /// Builds it.
    pub fn stand(self) -> There {
        match self {
            Self::Text(text) => There::Text(Rndr::create_text_node(&text), text),
            Self::Html(html) => There::Html(Stand::of(html)),
            Self::Many(many) => There::Many(many.into_iter().map(Self::stand).collect(), Rndr::create_placeholder()),
            Self::Live(make) => There::Live(live_child(make, None)),
        }
    }

    /// Becomes the next child; what is the same stays.
    pub fn follow(self, there: &mut There) {
        match (self, there) {
            (Self::Text(text), There::Text(node, before)) => {
                if text != *before {
                    Rndr::set_text(node, &text);
                    *before = text;
                }
            }
            (Self::Html(html), There::Html(stand)) => stand.follow(html),
            (Self::Many(many), There::Many(stand, end)) => follow_many(many, stand, end),
            (Self::Live(make), There::Live(live)) => {
                let before = live.0.take_value();
                *live = live_child(make, before);
            }
            (child, there) => {
                let mut next = child.stand();
                there.insert_before_this(&mut next);
                there.unmount();
                *there = next;
            }
        }
    }
}

fn follow_many(many: Vec<Child>, stand: &mut Vec<There>, end: &Placeholder) {
    for mut gone in stand.drain(many.len().min(stand.len())..) {
        gone.unmount();
    }
    for (place, child) in many.into_iter().enumerate() {
        if let Some(there) = stand.get_mut(place) {
            child.follow(there);
        } else {
            let mut there = child.stand();
            end.insert_before_this(&mut there);
            stand.push(there);
        }
    }
}

fn live_child(make: Box<dyn Make>, before: Option<There>) -> Live<There> {
    let make = move |before: Option<There>| match (make.make(), before) {
        (child, Some(mut there)) => {
            child.follow(&mut there);
            there
        }
        (child, None) => child.stand(),
    };
    Live(RenderEffect::new_with_value(make, before))
}

impl Marked {
    fn new(element: Element, name: &'static str, mark: Mark) -> Self {
        let mut marked = Self { element, name, now: Now::Given };
        marked.follow(mark);
        marked
    }

    fn follow(&mut self, mark: Mark) {
        let before = std::mem::replace(&mut self.now, Now::Given);
        self.now = match mark {
            Mark::On(told) => Now::On { _told: listen(&self.element, self.name, told.take()) },
            Mark::Give(give) => {
                give.take()(&self.element);
                Now::Given
            }
            Mark::Value(value) => {
                let before = match before {
                    Now::Value(before) => Some(before),
                    Now::Live(live) => live.0.take_value(),
                    Now::On { .. } | Now::Given => None,
                };
                self.value(value, before)
            }
        };
    }

    fn value(&self, value: Value, before: Option<Value>) -> Now {
        let Value::Live(read) = value else {
            value.put(&self.element, self.name, before.as_ref());
            return Now::Value(value);
        };
        let (element, name) = (self.element.clone(), self.name);
        let read = move |before: Option<Value>| {
            let value = read.read().settled();
            value.put(&element, name, before.as_ref());
            value
        };
        Now::Live(Live(RenderEffect::new_with_value(read, before)))
    }
}

/// Listens to an event; what is told knows the contexts of where the view was made.
fn listen(element: &Element, name: &str, mut told: Box<dyn Hear>) -> RemoveEventHandler<Element> {
    let owner = Owner::current().unwrap_or_default();
    let told = move |event: JsValue| owner.with(|| told.hear(event.unchecked_into()));
    Rndr::add_event_listener(element, name.trim_start_matches('@'), Box::new(told))
}

impl Mountable for Stand {
    fn unmount(&mut self) {
        for top in &self.tops {
            match top {
                Top::Node(node) => Rndr::remove(node),
                Top::Child(place) => self.children[*place].unmount(),
            }
        }
    }

    fn mount(&mut self, parent: &Element, marker: Option<&Node>) {
        for top in &self.tops {
            match top {
                Top::Node(node) => Rndr::insert_node(parent, node, marker),
                Top::Child(place) => self.children[*place].mount(parent, marker),
            }
        }
    }

    fn insert_before_this(&self, child: &mut dyn Mountable) -> bool {
        self.tops.iter().any(|top| match top {
            Top::Node(node) => before_node(node, child),
            Top::Child(place) => self.children[*place].insert_before_this(child),
        })
    }

    fn elements(&self) -> Vec<Element> {
        Vec::new()
    }
}

fn before_node(node: &Node, child: &mut dyn Mountable) -> bool {
    let parent = node.parent_element();
    if let Some(parent) = &parent {
        child.mount(parent, Some(node));
    }
    parent.is_some()
}

impl Mountable for There {
    fn unmount(&mut self) {
        match self {
            Self::Text(node, _) => Rndr::remove(node),
            Self::Html(stand) => stand.unmount(),
            Self::Many(many, end) => {
                many.iter_mut().for_each(Mountable::unmount);
                Rndr::remove(end);
            }
            Self::Live(live) => live.0.unmount(),
        }
    }

    fn mount(&mut self, parent: &Element, marker: Option<&Node>) {
        match self {
            Self::Text(node, _) => Rndr::insert_node(parent, node, marker),
            Self::Html(stand) => stand.mount(parent, marker),
            Self::Many(many, end) => {
                for there in many {
                    there.mount(parent, marker);
                }
                Rndr::insert_node(parent, end, marker);
            }
            Self::Live(live) => live.0.mount(parent, marker),
        }
    }

    fn insert_before_this(&self, child: &mut dyn Mountable) -> bool {
        match self {
            Self::Text(node, _) => before_node(node, child),
            Self::Html(stand) => stand.insert_before_this(child),
            Self::Many(many, end) => {
                many.iter().any(|there| there.insert_before_this(child)) || before_node(end, child)
            }
            Self::Live(live) => live.0.insert_before_this(child),
        }
    }

    fn elements(&self) -> Vec<Element> {
        Vec::new()
    }
}
