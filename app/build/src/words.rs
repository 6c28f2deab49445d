//! The words of a language as one file, that `app/src/words.rs` reads: a line for each word of the screens, in the order
//! of their keys; then the server's, each behind its key and a tab.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result, ensure};

#[path = "../../view/src/keys.rs"]
mod keys;

/// The file of a language.
pub fn compile(root: &Path, lang: &str) -> Result<String> {
    let read = |folder: &str| {
        let path = root.join(folder).join(format!("{lang}.json"));
        fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))
    };
    let screens =
        keys::sorted(&read("app/locales")?).with_context(|| format!("app/locales/{lang}.json is no tree of texts"))?;
    let server: BTreeMap<String, String> = serde_json::from_str(&read("server/api/words")?)
        .with_context(|| format!("server/api/words/{lang}.json is no list of texts"))?;
    let mut file = String::new();
    for (key, text) in &screens {
        ensure!(!text.contains(['\t', '\n', '\r']), "a line of its own for {key}");
        file.extend([text, "\n"]);
    }
    for (key, text) in &server {
        ensure!(!text.contains(['\t', '\n', '\r']), "a line of its own for {key}");
        file.extend([key, "\t", text, "\n"]);
    }
    Ok(file)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_languages_have_a_line_for_the_same_words() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).expect("the checkout");
        let lines = |lang| {
            let file = compile(root, lang).expect("our words");
            file.lines().filter(|line| !line.contains('\t')).count()
        };
        assert_eq!(lines("en"), lines("zh"));
        assert!(lines("en") > 400);
    }
}
