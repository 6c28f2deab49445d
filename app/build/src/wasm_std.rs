//! The standard library for the browser's target.
//!
//! Why it exists: many machines have a compiler without this target and no way to fetch it. What we make ourselves is kept
//! in the user's cache, in a folder for each compiler, and shared by all checkouts.
//! Invariant: a kept library was made from the sources of the very same compiler; any other would be refused (E0514).

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::{Command, ExitStatus},
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail, ensure};

use crate::{rust_src, say, wasm::TARGET};

/// rustup hangs instead of failing where the network is closed.
const RUSTUP_LIMIT: Duration = Duration::from_mins(1);

/// Where the compiler finds its standard library for the browser.
pub enum WasmStd {
    /// Installed with the compiler: nothing to say.
    Installed,
    /// Made by us: a sysroot to name.
    Made(PathBuf),
}

/// The compiler we make the library for.
pub struct Rustc {
    /// As in `1.95.0`.
    pub release: String,
    pub sysroot: PathBuf,
    /// Everything that tells this compiler from another of the same release.
    slug: String,
}

/// Takes the installed library, else the kept one, else asks rustup, else builds it from sources.
pub fn find_or_make(target: &Path) -> Result<WasmStd> {
    let rustc = Rustc::ask()?;
    let kept = cache_folder()?.join(format!("wasm-std-{}", rustc.slug));
    if has_std(&rustc.sysroot) {
        return Ok(WasmStd::Installed);
    }
    if has_std(&kept) {
        return Ok(WasmStd::Made(kept));
    }
    let named = rust_src::named(&rustc)?;
    if named.is_none() && rustup_adds_it() && has_std(&rustc.sysroot) {
        return Ok(WasmStd::Installed);
    }
    let work = target.join("wasm-std");
    fs::create_dir_all(&work).with_context(|| format!("cannot make {}", work.display()))?;
    let library = match named {
        Some(source) => source.unpack(&work)?,
        None => rust_src::from_debian(&rustc, &work)?,
    };
    make(&library, &work.join("target"), &kept)?;
    fs::remove_dir_all(&work).with_context(|| format!("cannot remove {}", work.display()))?;
    Ok(WasmStd::Made(kept))
}

impl Rustc {
    fn ask() -> Result<Self> {
        let version = answer("rustc", &["--version"])?;
        let release = version.split_whitespace().nth(1).context("rustc tells no version")?.to_owned();
        let sysroot = answer("rustc", &["--print", "sysroot"])?.into();
        Ok(Self { release, sysroot, slug: slug(&version) })
    }
}

/// `rustc 1.95.0 (59807616e 2026-04-14)` becomes `1.95.0-59807616e-2026-04-14`.
fn slug(version: &str) -> String {
    let words = version.strip_prefix("rustc ").unwrap_or(version);
    let words = words.split(|c: char| !c.is_ascii_alphanumeric() && c != '.').filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join("-")
}

fn libraries(sysroot: &Path) -> PathBuf {
    sysroot.join("lib/rustlib").join(TARGET).join("lib")
}

fn has_std(sysroot: &Path) -> bool {
    let Ok(mut entries) = fs::read_dir(libraries(sysroot)) else { return false };
    entries.any(|entry| entry.is_ok_and(|file| file.file_name().to_string_lossy().starts_with("libstd-")))
}

fn cache_folder() -> Result<PathBuf> {
    let base = match env::var_os("XDG_CACHE_HOME") {
        Some(folder) => PathBuf::from(folder),
        None => PathBuf::from(env::var_os("HOME").context("neither XDG_CACHE_HOME nor HOME is set")?).join(".cache"),
    };
    Ok(base.join("lakegate"))
}

fn rustup_adds_it() -> bool {
    let limit = RUSTUP_LIMIT.as_secs();
    say(&format!("asking rustup for {TARGET}, at most {limit} s (RUST_SRC_TARBALL saves the wait)"));
    let mut rustup = Command::new("rustup");
    rustup.args(["target", "add", TARGET]);
    matches!(status_within(&mut rustup, RUSTUP_LIMIT), Ok(Some(done)) if done.success())
}

/// How `command` ended, or nothing when it had to be stopped.
#[expect(clippy::disallowed_methods, reason = "a build program has no runtime to block")]
fn status_within(command: &mut Command, limit: Duration) -> Result<Option<ExitStatus>> {
    let mut child = command.spawn()?;
    let end = Instant::now() + limit;
    while Instant::now() < end {
        if let Some(done) = child.try_wait()? {
            return Ok(Some(done));
        }
        thread::sleep(Duration::from_millis(100));
    }
    child.kill()?;
    child.wait()?;
    Ok(None)
}

/// Compiles `library` as rustc's own build does, and keeps the result.
fn make(library: &Path, target: &Path, kept: &Path) -> Result<()> {
    say(&format!("building the standard library for {TARGET} from its sources, about a minute"));
    let done = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
        .current_dir(library)
        .args(["build", "--locked", "--release", "--target", TARGET, "-p", "sysroot"])
        .args(["--features", "panic-unwind,compiler-builtins-mem"])
        .env("CARGO_TARGET_DIR", target)
        .env("RUSTC_BOOTSTRAP", "1")
        .env("RUSTFLAGS", "-Cembed-bitcode=yes -Zforce-unstable-if-unmarked")
        .env("__CARGO_DEFAULT_LIB_METADATA", "sysroot")
        .status()
        .context("cannot start cargo")?;
    ensure!(done.success(), "the standard library does not compile from {}", library.display());
    keep(&target.join(TARGET).join("release/deps"), kept)
}

/// Copies the libraries beside their final place and moves them there as one.
fn keep(made: &Path, kept: &Path) -> Result<()> {
    let fresh = kept.with_extension(format!("new-{}", std::process::id()));
    fs::create_dir_all(libraries(&fresh))?;
    for entry in fs::read_dir(made)? {
        let path = entry?.path();
        if let (true, Some(name)) = (path.extension().is_some_and(|end| end == "rlib"), path.file_name()) {
            fs::copy(&path, libraries(&fresh).join(name))?;
        }
    }
    if fs::rename(&fresh, kept).is_err() {
        // Somebody else was faster; theirs is as good.
        fs::remove_dir_all(&fresh)?;
    }
    ensure!(has_std(kept), "the standard library is missing in {}", kept.display());
    Ok(())
}

fn answer(program: &str, arguments: &[&str]) -> Result<String> {
    let output = Command::new(program).args(arguments).output().with_context(|| format!("cannot start {program}"))?;
    if !output.status.success() {
        bail!("{program} {} failed: {}", arguments.join(" "), String::from_utf8_lossy(&output.stderr));
    }
    Ok(String::from_utf8(output.stdout)?.trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_compiler_has_its_own_folder() {
        assert_eq!(slug("rustc 1.95.0 (59807616e 2026-04-14)"), "1.95.0-59807616e-2026-04-14");
        assert_ne!(slug("rustc 1.95.0 (59807616e 2026-04-14)"), slug("rustc 1.95.0 (59807616e 2026-04-14) (Debian)"));
    }

    #[test]
    fn a_command_that_hangs_is_stopped() {
        let mut slow = Command::new("sleep");
        let done = status_within(slow.arg("60"), Duration::from_millis(150)).expect("sleep starts");
        assert!(done.is_none());
    }
}
