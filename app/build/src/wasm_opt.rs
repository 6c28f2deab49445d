//! The optional last step: binaryen makes the wasm almost half as large.

use std::{env, fs, path::PathBuf, process::Command};

use anyhow::{Context, Result, ensure};

use crate::{order::Order, say};

/// The tool on the path, or the one npm put beside the browser tests.
pub fn find(order: &Order) -> Option<PathBuf> {
    let path = env::var_os("PATH").unwrap_or_default();
    env::split_paths(&path)
        .chain([order.root.join("end2end/node_modules/.bin")])
        .map(|folder| folder.join("wasm-opt"))
        .find(|tool| tool.is_file())
}

/// Shrinks `wasm`, or returns it as it is, with a notice, where the tool is missing.
///
/// No feature flags: the wasm itself names the features it uses.
pub fn shrink(wasm: Vec<u8>, order: &Order) -> Result<Vec<u8>> {
    let Some(tool) = find(order) else {
        say("wasm-opt is not installed, the page stays large; Debian's package binaryen brings it");
        return Ok(wasm);
    };
    let (large, small) = (order.scratch().join("large.wasm"), order.scratch().join("small.wasm"));
    fs::write(&large, &wasm)?;
    let done = Command::new(&tool)
        .arg("-Oz")
        .arg(&large)
        .arg("-o")
        .arg(&small)
        .status()
        .with_context(|| format!("cannot start {}", tool.display()))?;
    ensure!(done.success(), "wasm-opt refuses the wasm ({done})");
    Ok(fs::read(&small)?)
}
