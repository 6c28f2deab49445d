//! What an attribute or a property may be.

use std::borrow::Cow;

use leptos::tachys::renderer::Rndr;
use wasm_bindgen::JsValue;
use web_sys::Element;

/// The value of an attribute or a property.
pub enum Value {
    /// The attribute is not there.
    Absent,
    /// It is there or it is not; of a property, true or false.
    Flag(bool),
    /// A text.
    Text(Cow<'static, str>),
    /// Read anew whenever a signal that was read changes.
    Live(Box<dyn Read>),
}

/// What reads a value. Not `Fn`, as with what makes a child.
pub trait Read: Send {
    /// The value as it is now.
    fn read(&self) -> Value;
}

impl<F: Fn() -> V + Send, V: IntoValue> Read for F {
    fn read(&self) -> Value {
        self().into_value()
    }
}

impl Value {
    /// The value now.
    pub(super) fn settled(self) -> Self {
        let mut value = self;
        while let Self::Live(read) = value {
            value = read.read();
        }
        value
    }

    /// Puts the value at its name, unless it is there already.
    pub(super) fn put(&self, element: &Element, name: &str, before: Option<&Self>) {
        if before.unwrap_or(&Self::Absent).same(self) {
            return;
        }
        if let Some(property) = name.strip_prefix('.') {
            let value = match self {
                Self::Text(text) => JsValue::from_str(text),
                Self::Flag(on) => JsValue::from_bool(*on),
                Self::Absent | Self::Live(_) => JsValue::UNDEFINED,
            };
            return Rndr::set_property(element, property, &value);
        }
        match self {
            Self::Text(text) => Rndr::set_attribute(element, name, text),
            Self::Flag(true) => Rndr::set_attribute(element, name, ""),
            Self::Flag(false) | Self::Absent | Self::Live(_) => Rndr::remove_attribute(element, name),
        }
    }

    fn same(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Absent, Self::Absent) => true,
            (Self::Flag(one), Self::Flag(other)) => one == other,
            (Self::Text(one), Self::Text(other)) => one == other,
            _ => false,
        }
    }
}

/// What a value can be made of.
pub trait IntoValue {
    /// As a value.
    fn into_value(self) -> Value;
}

impl IntoValue for &'static str {
    fn into_value(self) -> Value {
        Value::Text(Cow::Borrowed(self))
    }
}

impl IntoValue for String {
    fn into_value(self) -> Value {
        Value::Text(Cow::Owned(self))
    }
}

impl IntoValue for bool {
    fn into_value(self) -> Value {
        Value::Flag(self)
    }
}

impl IntoValue for u32 {
    fn into_value(self) -> Value {
        Value::Text(Cow::Owned(self.to_string()))
    }
}

impl<V: IntoValue> IntoValue for Option<V> {
    fn into_value(self) -> Value {
        self.map_or(Value::Absent, IntoValue::into_value)
    }
}

impl<F: Fn() -> V + Send + 'static, V: IntoValue> IntoValue for F {
    fn into_value(self) -> Value {
        Value::Live(Box::new(self))
    }
}
