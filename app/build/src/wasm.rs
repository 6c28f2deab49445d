//! A nested cargo compiles `app` for the browser, in a target folder of its own.

use std::{env, path::PathBuf, process::Command};

use anyhow::{Context, Result, ensure};

use crate::{
    order::{Order, Profile},
    say,
    wasm_std::WasmStd,
};

/// The target triple of the browser.
pub const TARGET: &str = "wasm32-unknown-unknown";

/// Compiles the app; returns the path of its wasm.
pub fn compile(order: &Order, wasm_std: &WasmStd) -> Result<PathBuf> {
    let profile = order.profile.cargo_name();
    say(&format!("compiling app for the browser, profile {profile}"));
    let mut cargo = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo
        .current_dir(&order.root)
        .args(["build", "-p", "app", "--bin", "app", "--target", TARGET, "--profile", profile])
        .env("CARGO_TARGET_DIR", &order.target);
    if order.profile == Profile::Dev {
        cargo.args(["--features", "testing"]);
    }
    // Erased components are much smaller, and compile faster.
    let mut flags = "--cfg erase_components".to_owned();
    if let WasmStd::Made(sysroot) = wasm_std {
        flags = format!("{flags} --sysroot {}", sysroot.display());
    }
    // General flags would silently drop the ones of the target.
    cargo.env_remove("RUSTFLAGS").env_remove("CARGO_ENCODED_RUSTFLAGS");
    cargo.env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS", flags);
    let done = cargo.status().context("cannot start cargo")?;
    ensure!(done.success(), "the app does not compile for the browser");
    Ok(order.target.join(TARGET).join(profile).join("app.wasm"))
}
