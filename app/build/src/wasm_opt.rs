//! The optional last step: binaryen makes the wasm almost half as large.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

use anyhow::{Context, Result, ensure};

use crate::{order::Order, say};

/// The oldest version that is taken. Debian 12's 108 makes a page that does not start: it knows too little of tables of
/// functions.
const OLDEST: u32 = 120;

/// The tool that npm put beside the browser tests, or one on the path that is new enough.
pub fn find(order: &Order) -> Option<PathBuf> {
    let path = env::var_os("PATH").unwrap_or_default();
    let beside = order.root.join("end2end/node_modules/.bin");
    std::iter::once(beside)
        .chain(env::split_paths(&path))
        .map(|folder| folder.join("wasm-opt"))
        .find(|tool| tool.is_file() && version(tool).is_some_and(|version| version >= OLDEST))
}

/// The number in `wasm-opt version 132 (…)`.
fn version(tool: &Path) -> Option<u32> {
    let said = Command::new(tool).arg("--version").output().ok()?.stdout;
    number(&String::from_utf8_lossy(&said))
}

fn number(said: &str) -> Option<u32> {
    said.split_whitespace().find_map(|word| word.parse().ok())
}

/// Shrinks `wasm`, or returns it as it is, with a notice, where the tool is missing.
///
/// No feature flags: the wasm itself names the features it uses.
pub fn shrink(wasm: Vec<u8>, order: &Order) -> Result<Vec<u8>> {
    let Some(tool) = find(order) else {
        say(
            "no wasm-opt that is new enough, the page stays large; npm's package binaryen brings it: npm ci --prefix end2end",
        );
        return Ok(wasm);
    };
    let (large, small) = (order.scratch().join("large.wasm"), order.scratch().join("small.wasm"));
    fs::write(&large, &wasm)?;
    let done = Command::new(&tool)
        .args(["-Oz", "--converge", "--low-memory-unused", "--one-caller-inline-max-function-size=30"])
        .arg(&large)
        .arg("-o")
        .arg(&small)
        .status()
        .with_context(|| format!("cannot start {}", tool.display()))?;
    ensure!(done.success(), "wasm-opt refuses the wasm ({done})");
    Ok(fs::read(&small)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_version_is_read_from_what_the_tool_says() {
        assert_eq!(number("wasm-opt version 108 (version_108)"), Some(108));
        assert_eq!(number("wasm-opt version 132"), Some(132));
        assert_eq!(number("nothing of the kind"), None);
    }
}
