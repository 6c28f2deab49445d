//! How what Rust brings is read.

use std::collections::{BTreeMap, BTreeSet};

use crate::{FromJson, Json};

impl FromJson for () {
    fn from_json(json: &Json<'_>) -> Option<Self> {
        if let Json::Null = json { Some(()) } else { None }
    }
}

impl FromJson for bool {
    fn from_json(json: &Json<'_>) -> Option<Self> {
        if let Json::Flag(flag) = json { Some(*flag) } else { None }
    }
}

impl FromJson for u64 {
    fn from_json(json: &Json<'_>) -> Option<Self> {
        if let Json::Number(number) = json { number.parse().ok() } else { None }
    }
}

impl FromJson for i64 {
    fn from_json(json: &Json<'_>) -> Option<Self> {
        if let Json::Number(number) = json { number.parse().ok() } else { None }
    }
}

impl FromJson for u32 {
    fn from_json(json: &Json<'_>) -> Option<Self> {
        u64::from_json(json)?.try_into().ok()
    }
}

impl FromJson for u16 {
    fn from_json(json: &Json<'_>) -> Option<Self> {
        u64::from_json(json)?.try_into().ok()
    }
}

impl FromJson for u8 {
    fn from_json(json: &Json<'_>) -> Option<Self> {
        u64::from_json(json)?.try_into().ok()
    }
}

impl FromJson for String {
    fn from_json(json: &Json<'_>) -> Option<Self> {
        json.text().map(str::to_owned)
    }
}

impl<T: FromJson> FromJson for Option<T> {
    fn from_json(json: &Json<'_>) -> Option<Self> {
        match json {
            Json::Null => Some(None),
            json => T::from_json(json).map(Some),
        }
    }
}

impl<T: FromJson> FromJson for Box<T> {
    fn from_json(json: &Json<'_>) -> Option<Self> {
        T::from_json(json).map(Box::new)
    }
}

impl<T: FromJson> FromJson for Vec<T> {
    fn from_json(json: &Json<'_>) -> Option<Self> {
        let list = json.list()?;
        let mut values = Vec::with_capacity(list.len());
        for json in list {
            values.push(T::from_json(json)?);
        }
        Some(values)
    }
}

impl<T: FromJson + Ord> FromJson for BTreeSet<T> {
    fn from_json(json: &Json<'_>) -> Option<Self> {
        let mut values = Self::new();
        for json in json.list()? {
            values.insert(T::from_json(json)?);
        }
        Some(values)
    }
}

impl<T: FromJson> FromJson for BTreeMap<String, T> {
    fn from_json(json: &Json<'_>) -> Option<Self> {
        let mut values = Self::new();
        for (name, json) in &json.object()?.0 {
            values.insert(name.clone().into_owned(), T::from_json(json)?);
        }
        Some(values)
    }
}

impl<A: FromJson, B: FromJson> FromJson for (A, B) {
    fn from_json(json: &Json<'_>) -> Option<Self> {
        match json.list()? {
            [a, b] => Some((A::from_json(a)?, B::from_json(b)?)),
            _ => None,
        }
    }
}

impl<A: FromJson, B: FromJson, C: FromJson> FromJson for (A, B, C) {
    fn from_json(json: &Json<'_>) -> Option<Self> {
        match json.list()? {
            [a, b, c] => Some((A::from_json(a)?, B::from_json(b)?, C::from_json(c)?)),
            _ => None,
        }
    }
}
