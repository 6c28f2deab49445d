//! What rustc made becomes what a browser starts: wasm and the script that speaks to it.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};
use wasm_bindgen_cli_support::Bindgen;

/// The app, ready for a browser.
pub struct App {
    pub script: String,
    pub wasm: Vec<u8>,
    /// Scripts that libraries bring; the main script imports them by these paths.
    pub snippets: Vec<(String, Vec<u8>)>,
}

/// Runs wasm-bindgen over `wasm`, with its files in `scratch`.
pub fn bind(wasm: &Path, scratch: &Path) -> Result<App> {
    if scratch.exists() {
        fs::remove_dir_all(scratch).with_context(|| format!("cannot empty {}", scratch.display()))?;
    }
    Bindgen::new()
        .input_path(wasm)
        .web(true)?
        .typescript(false)
        .omit_default_module_path(true)
        .out_name("app")
        .generate(scratch)
        .with_context(|| format!("wasm-bindgen refuses {}", wasm.display()))?;
    let script = String::from_utf8(read(scratch, "app.js")?)?;
    Ok(App { script, wasm: read(scratch, "app_bg.wasm")?, snippets: snippets(scratch)? })
}

/// The script without its comments and indents: what wasm-bindgen writes has no text of several lines.
pub fn lean(script: &str) -> String {
    let lines = script.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with(['*', '/']));
    lines.flat_map(|line| [line, "\n"]).collect()
}

fn read(folder: &Path, name: &str) -> Result<Vec<u8>> {
    let path = folder.join(name);
    fs::read(&path).with_context(|| format!("wasm-bindgen left no {}", path.display()))
}

fn snippets(scratch: &Path) -> Result<Vec<(String, Vec<u8>)>> {
    let mut found = Vec::new();
    let mut folders = vec![PathBuf::from("snippets")];
    while let Some(folder) = folders.pop() {
        let Ok(entries) = fs::read_dir(scratch.join(&folder)) else { continue };
        for entry in entries {
            let entry = entry?;
            let path = folder.join(entry.file_name());
            if entry.file_type()?.is_dir() {
                folders.push(path);
            } else {
                found.push((path.to_string_lossy().into_owned(), fs::read(entry.path())?));
            }
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_and_indents_are_left_out() {
        let script = "/**\n * @param {number} a\n */\nfunction f(a) {\n    // why\n    return a / 2;\n}\n\n";
        assert_eq!(lean(script), "function f(a) {\nreturn a / 2;\n}\n");
    }
}
