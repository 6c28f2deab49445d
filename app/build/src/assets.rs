//! The folder of the page: names that carry their content's hash, compressed copies, `index.html` last.
//!
//! Invariant: a file below `assets/` never changes its content, so a browser may keep it for ever.

use std::{
    collections::BTreeMap,
    fs,
    io::Write,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};
use brotli::enc::BrotliEncoderParams;
use flate2::{Compression, write::GzEncoder};
use sha2::{Digest, Sha256};

use crate::{bindgen::App, order::Profile};

const INDEX: &str = "index.html";

/// All files of the page, by their path in its folder.
pub struct Page {
    files: BTreeMap<String, Vec<u8>>,
}

impl Page {
    /// Puts together what the browser loads.
    pub fn of(app: &App, css: &str, [en, zh]: &[String; 2]) -> Self {
        let mut page = Self { files: BTreeMap::new() };
        for (path, content) in &app.snippets {
            page.files.insert(format!("assets/{path}"), content.clone());
        }
        let script = page.add("app", "js", app.script.as_bytes());
        let wasm = page.add("app", "wasm", &app.wasm);
        let start = include_str!("../assets/start.js").replace("{script}", &script).replace("{wasm}", &wasm);
        let start = page.add("start", "js", start.as_bytes());
        let early = page.add("early", "js", include_bytes!("../assets/early.js"));
        let en = page.add("words-en", "txt", en.as_bytes());
        let zh = page.add("words-zh", "txt", zh.as_bytes());
        let style = page.add("style", "css", css.as_bytes());
        let icon = page.add("icon", "svg", include_bytes!("../assets/icon.svg"));
        let index = include_str!("../assets/index.html")
            .replace("{early}", &early)
            .replace("{words-en}", &en)
            .replace("{words-zh}", &zh)
            .replace("{style}", &style)
            .replace("{icon}", &icon)
            .replace("{script}", &script)
            .replace("{wasm}", &wasm)
            .replace("{start}", &start);
        page.files.insert(INDEX.to_owned(), index.into_bytes());
        page
    }

    /// Adds a file under a name that carries its hash; returns the path a browser asks for.
    fn add(&mut self, stem: &str, end: &str, content: &[u8]) -> String {
        let hash = hex(&Sha256::digest(content)[..8]);
        let path = format!("assets/{stem}-{hash}.{end}");
        let asked = format!("/{path}");
        self.files.insert(path, content.to_vec());
        asked
    }

    /// Writes the folder: what is new, then `index.html`, then removes what no page needs any more.
    pub fn write_to(&self, out: &Path, profile: Profile) -> Result<()> {
        let mut written = Vec::new();
        for (path, content) in self.files.iter().filter(|(path, _)| *path != INDEX) {
            written.extend(write(out, path, content, profile)?);
        }
        written.extend(write(out, INDEX, &self.files[INDEX], profile)?);
        remove_others(out, &written)
    }

    /// One line: how much a browser loads.
    pub fn sizes(&self) -> String {
        let sum = |end: &str| -> usize {
            let of_end = self.files.iter().filter(|(path, _)| path.ends_with(end));
            of_end.map(|(_, content)| content.len()).sum::<usize>() / 1024
        };
        format!("wasm {} KB, script {} KB, style {} KB", sum(".wasm"), sum(".js"), sum(".css"))
    }
}

/// Lower-case hexadecimal.
pub fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::new(), |mut text, byte| {
        write!(text, "{byte:02x}").expect("a String takes every write");
        text
    })
}

/// Writes one file with its compressed copies; the file itself comes last and at once.
fn write(out: &Path, path: &str, content: &[u8], profile: Profile) -> Result<Vec<PathBuf>> {
    let mut copies = Vec::new();
    if profile == Profile::Release {
        copies.push((out.join(format!("{path}.br")), brotli(content)?));
        copies.push((out.join(format!("{path}.gz")), gzip(content)?));
    }
    copies.push((out.join(path), content.to_vec()));
    for (file, bytes) in &copies {
        put(file, bytes).with_context(|| format!("cannot write {}", file.display()))?;
    }
    Ok(copies.into_iter().map(|(file, _)| file).collect())
}

fn put(file: &Path, bytes: &[u8]) -> Result<()> {
    if let Some(folder) = file.parent() {
        fs::create_dir_all(folder)?;
    }
    let fresh = file.with_added_extension("new");
    fs::write(&fresh, bytes)?;
    Ok(fs::rename(&fresh, file)?)
}

fn brotli(content: &[u8]) -> Result<Vec<u8>> {
    let (mut small, mut content) = (Vec::new(), content);
    let best = BrotliEncoderParams { quality: 11, lgwin: 22, size_hint: content.len(), ..Default::default() };
    brotli::BrotliCompress(&mut content, &mut small, &best)?;
    Ok(small)
}

fn gzip(content: &[u8]) -> Result<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(content)?;
    Ok(encoder.finish()?)
}

fn remove_others(folder: &Path, keep: &[PathBuf]) -> Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            remove_others(&path, keep)?;
        } else if !keep.contains(&path) {
            fs::remove_file(&path).with_context(|| format!("cannot remove {}", path.display()))?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(script: &str) -> Page {
        let app = App { script: script.into(), wasm: b"\0asm".to_vec(), snippets: vec![] };
        Page::of(&app, "body{}", &["a\n".into(), "b\n".into()])
    }

    fn index(folder: &Path) -> String {
        fs::read_to_string(folder.join(INDEX)).expect("the index is there")
    }

    #[test]
    fn all_that_the_index_names_is_there() {
        let folder = tempfile::tempdir().expect("a folder");
        page("let a;").write_to(folder.path(), Profile::Dev).expect("written");
        let index = index(folder.path());
        let named: Vec<&str> = index.split('"').filter(|text| text.starts_with("/assets/")).collect();
        assert_eq!(named.len(), 8, "{named:?}");
        assert!(named.iter().all(|path| folder.path().join(&path[1..]).is_file()), "{named:?}");
        assert!(!index.contains('{'), "a place was not filled:\n{index}");
    }

    #[test]
    fn there_is_no_inline_script_and_no_inline_style() {
        let folder = tempfile::tempdir().expect("a folder");
        page("let a;").write_to(folder.path(), Profile::Dev).expect("written");
        let index = index(folder.path());
        assert!(index.split("<script").skip(1).all(|tag| tag.contains("src=") && tag.contains("></script>")));
        assert!(!index.contains("<style") && !index.contains("style=") && !index.contains("onclick"));
    }

    #[test]
    fn the_early_script_reads_what_the_app_writes() {
        for (key, app) in [
            ("lakegate-theme", include_str!("../../src/theme.rs")),
            ("i18n_pref_locale", include_str!("../../src/words.rs")),
            ("lakegateWords", include_str!("../../src/words.rs")),
        ] {
            assert!(include_str!("../assets/early.js").contains(key) && app.contains(key), "{key}");
        }
    }

    #[test]
    fn a_second_page_leaves_nothing_of_the_first() {
        let folder = tempfile::tempdir().expect("a folder");
        page("let first;").write_to(folder.path(), Profile::Release).expect("written");
        let first = index(folder.path());
        page("let second;").write_to(folder.path(), Profile::Dev).expect("written");
        assert_ne!(first, index(folder.path()));
        let left = fs::read_dir(folder.path().join("assets")).expect("a folder").count();
        assert_eq!(left, page("").files.len() - 1);
    }
}
