//! The fields of a request, as Spring binds them: from the query, a form, or a multipart body; JSON is not read.
//!
//! Invariant: an unknown field is no error, and an empty number is as if it were not there (streampark-api §0 no. 2, §2).

use super::answer::Refusal;

/// A file that came with a request.
#[derive(Debug, Clone)]
pub(super) struct Upload {
    pub(super) name: String,
    pub(super) bytes: Vec<u8>,
}

/// The fields of one request.
#[derive(Debug, Clone, Default)]
pub(super) struct Form {
    fields: Vec<(String, String)>,
    pub(super) upload: Option<Upload>,
}

impl Form {
    /// Takes in `a=b&c=d`.
    pub(super) fn read(&mut self, text: &str) {
        for pair in text.split('&').filter(|pair| !pair.is_empty()) {
            let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
            self.set(&decoded(key), &decoded(value));
        }
    }

    pub(super) fn set(&mut self, key: &str, value: &str) {
        self.fields.push((key.to_owned(), value.to_owned()));
    }

    pub(super) fn text(&self, key: &str) -> Option<&str> {
        self.fields.iter().find(|(name, _)| name == key).map(|(_, value)| value.as_str())
    }

    /// Every value of a field that may come several times or with commas.
    pub(super) fn all(&self, key: &str) -> Vec<&str> {
        let values = self.fields.iter().filter(|(name, _)| name == key);
        values.flat_map(|(_, value)| value.split(',')).map(str::trim).filter(|value| !value.is_empty()).collect()
    }

    /// A number, or the refusal of a text that is none.
    pub(super) fn number(&self, key: &str) -> Result<Option<i64>, Refusal> {
        match self.text(key).map(str::trim).filter(|text| !text.is_empty()) {
            None => Ok(None),
            Some(text) => text.parse().map(Some).map_err(|_| Refusal::not_a_long(key, text)),
        }
    }

    /// A number already checked: unset when it is none.
    pub(super) fn int(&self, key: &str) -> Option<i64> {
        self.number(key).unwrap_or_default()
    }

    /// An id already checked: unset when it is none.
    pub(super) fn id(&self, key: &str) -> Option<u64> {
        self.int(key).and_then(|id| u64::try_from(id).ok())
    }

    pub(super) fn yes(&self, key: &str) -> bool {
        matches!(self.text(key).unwrap_or_default().to_ascii_lowercase().as_str(), "true" | "on" | "1" | "yes")
    }
}

/// A text with `+` and `%XX` taken back.
fn decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&byte, after)) = rest.split_first() {
        let hex = after.get(..2).and_then(|two| std::str::from_utf8(two).ok());
        match (byte, hex.and_then(|two| u8::from_str_radix(two, 16).ok())) {
            (b'%', Some(letter)) => {
                bytes.push(letter);
                rest = &after[2..];
                continue;
            }
            (b'+', _) => bytes.push(b' '),
            _ => bytes.push(byte),
        }
        rest = after;
    }
    String::from_utf8_lossy(&bytes).into_owned()
}
