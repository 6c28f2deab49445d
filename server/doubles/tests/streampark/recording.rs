//! The recordings in `tests/recorded/streampark`: shortened texts and rows, everything else as it was.
//!
//! Invariant: a file is named by its number, and the number says the release: from 700 on it is 2.1.7.

use std::path::PathBuf;

use doubles::streampark::Profile;
use serde_json::Value;

/// One recorded file.
pub struct Recording {
    pub name: String,
    pub file: Value,
}

impl Recording {
    /// All of them, by name.
    pub fn all() -> Vec<Self> {
        let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/recorded/streampark");
        let entries = std::fs::read_dir(folder).expect("the recordings are part of the repository");
        let mut all: Vec<Self> =
            entries.map(|entry| Self::read(entry.expect("a folder can be listed").path())).collect();
        all.sort_by(|one, other| one.name.cmp(&other.name));
        all
    }

    fn read(path: PathBuf) -> Self {
        let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let text = std::fs::read_to_string(&path).expect("a recording can be read");
        let file = serde_json::from_str(&text).expect("a recording is JSON");
        Self { name, file }
    }

    /// `098`, `015b`.
    pub fn number(&self) -> &str {
        self.name.split('-').next().unwrap_or_default()
    }

    pub fn profile(&self) -> Profile {
        if self.number() >= "700" { Profile::V217 } else { Profile::V216 }
    }

    /// The value of a field of the request.
    pub fn field(&self, key: &str) -> Option<String> {
        match &self.file["request"]["form"][key] {
            Value::String(text) => Some(text.clone()),
            Value::Number(number) => Some(number.to_string()),
            _ => None,
        }
    }

    /// All fields of the request, if it had a form.
    pub fn form(&self) -> Option<Vec<(String, String)>> {
        let fields = self.file["request"]["form"].as_object()?;
        Some(fields.keys().map(|key| (key.clone(), self.field(key).unwrap_or_default())).collect())
    }
}
