//! Reads the JSON of the server, in as little code as the page can do with.
//!
//! Why ours: what `serde` derives for a struct is a state machine of its own, some kilobytes each, so that it can say of
//! every mistake what it is and where. To the page an answer can be read or it cannot. Here a text becomes one tree
//! ([`Json`]), and a struct takes its fields out of it: a call for each field. It reads no fractions, since nothing of
//! ours has any.
//! Invariant: what `serde_json` writes of our types is read as the same value; `server/tests/it/wire.rs` tries each DTO.
//!
//! A DTO derives `FromJson` beside `Serialize` and `Deserialize`; the attributes of serde that stand on it hold for both.

mod parse;
mod types;

use std::borrow::Cow;

pub use json_derive::FromJson;

/// What can be read out of JSON.
#[diagnostic::on_unimplemented(note = "what the page reads derives `json::FromJson`")]
pub trait FromJson: Sized {
    /// The value, or nothing where the JSON says something else.
    fn from_json(json: &Json<'_>) -> Option<Self>;
}

/// Reads one value; nothing may follow it.
pub fn read<T: FromJson>(text: &str) -> Option<T> {
    T::from_json(&parse::parse(text)?)
}

/// A text of JSON as a tree.
#[derive(Debug)]
pub enum Json<'a> {
    /// Nothing; also what is not there.
    Null,
    /// True or false.
    Flag(bool),
    /// A number as it was written.
    Number(&'a str),
    /// A text.
    Text(Cow<'a, str>),
    /// A list.
    List(Vec<Json<'a>>),
    /// An object.
    Object(Object<'a>),
}

/// An object: its entries as they were written.
#[derive(Debug)]
pub struct Object<'a>(pub Vec<(Cow<'a, str>, Json<'a>)>);

static NULL: Json<'static> = Json::Null;

impl<'a> Json<'a> {
    /// The object, where it is one.
    pub fn object(&self) -> Option<&Object<'a>> {
        if let Self::Object(object) = self { Some(object) } else { None }
    }

    /// The list, where it is one.
    pub fn list(&self) -> Option<&[Self]> {
        if let Self::List(list) = self { Some(list) } else { None }
    }

    /// The text, where it is one.
    pub fn text(&self) -> Option<&str> {
        if let Self::Text(text) = self { Some(text) } else { None }
    }

    /// A variant with what it holds: `"word"` or `{"word": value}`.
    pub fn variant(&self) -> Option<(&str, &Self)> {
        match self {
            Self::Text(word) => Some((word, &NULL)),
            Self::Object(Object(entries)) => match &entries[..] {
                [(word, inside)] => Some((word, inside)),
                _ => None,
            },
            Self::Null | Self::Flag(_) | Self::Number(_) | Self::List(_) => None,
        }
    }
}

impl<'a> Object<'a> {
    /// What stands under a name; [`Json::Null`] where nothing does.
    pub fn get(&self, name: &str) -> &Json<'a> {
        self.0.iter().find(|(known, _)| known == name).map_or(&NULL, |(_, value)| value)
    }

    /// What stands under a name, or what is usual where nothing does.
    pub fn get_or<T: FromJson>(&self, name: &str, usual: T) -> Option<T> {
        match self.get(name) {
            Json::Null => Some(usual),
            json => T::from_json(json),
        }
    }
}
