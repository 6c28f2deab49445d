//! The sources of the standard library: a tarball that somebody named, the component of rustup, or Debian's package.

use std::{
    env, fs,
    io::Write,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use anyhow::{Context, Result, ensure};

use crate::{say, wasm_std::Rustc};

const DEBIAN_SCRIPT: &str = include_str!("debian_rust_src.sh");

/// Sources that need no search.
pub enum Source {
    /// From `RUST_SRC_TARBALL`: has `library/` at its top or one folder below.
    Tarball(PathBuf),
    /// Installed by rustup as the component `rust-src`.
    Component(PathBuf),
}

/// The sources that lie on this machine, if any.
pub fn named(rustc: &Rustc) -> Result<Option<Source>> {
    if let Some(path) = env::var_os("RUST_SRC_TARBALL").filter(|path| !path.is_empty()) {
        let path = PathBuf::from(path);
        ensure!(path.is_file(), "RUST_SRC_TARBALL names {}, which is not there", path.display());
        return Ok(Some(Source::Tarball(path)));
    }
    let component = rustc.sysroot.join("lib/rustlib/src/rust/library");
    Ok(component.join("Cargo.lock").is_file().then_some(Source::Component(component)))
}

impl Source {
    /// The folder `library` with its `Cargo.lock`; the tarball is unpacked into `work`.
    pub fn unpack(self, work: &Path) -> Result<PathBuf> {
        let tarball = match self {
            Self::Component(library) => return Ok(library),
            Self::Tarball(path) => path,
        };
        let done = Command::new("tar")
            .arg("-xf")
            .arg(&tarball)
            .arg("-C")
            .arg(work)
            .status()
            .context("cannot start tar; it comes with the packages tar and xz-utils")?;
        ensure!(done.success(), "tar cannot unpack {}", tarball.display());
        library_below(work)
    }
}

/// Fetches Debian's `rust-src` of the same release; nothing is installed, no root needed.
pub fn from_debian(rustc: &Rustc, work: &Path) -> Result<PathBuf> {
    say(&format!("looking for Debian's rust-src {}", rustc.release));
    let mut script = Command::new("bash")
        .args(["-s", "--", &rustc.release])
        .arg(work)
        .stdin(Stdio::piped())
        .spawn()
        .context("cannot start bash")?;
    script.stdin.take().context("bash reads no script")?.write_all(DEBIAN_SCRIPT.as_bytes())?;
    ensure!(
        script.wait()?.success(),
        "no standard library for the browser. Where there is a network: rustup target add wasm32-unknown-unknown. \
         Else set RUST_SRC_TARBALL to the sources of rustc {} (rust-src-{}.tar.xz)",
        rustc.release,
        rustc.release,
    );
    library_below(&work.join("root/usr/src").join(format!("rustc-{}", rustc.release)))
}

fn library_below(folder: &Path) -> Result<PathBuf> {
    let mut places = vec![folder.join("library")];
    for entry in fs::read_dir(folder).with_context(|| format!("cannot read {}", folder.display()))? {
        let path = entry?.path();
        places.extend([path.join("library"), path.join("lib/rustlib/src/rust/library")]);
    }
    places
        .into_iter()
        .find(|place| place.join("Cargo.lock").is_file())
        .with_context(|| format!("no library/Cargo.lock below {}", folder.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_library_is_found_at_the_top_or_one_folder_below() {
        let work = tempfile::tempdir().expect("a folder");
        let library = work.path().join("rust-src-1.95.0/library");
        fs::create_dir_all(&library).expect("a folder");
        assert!(library_below(work.path()).is_err(), "without its lock file it is not the library");
        fs::write(library.join("Cargo.lock"), "").expect("a file");
        assert_eq!(library_below(work.path()).expect("found"), library);
        assert_eq!(library_below(&work.path().join("rust-src-1.95.0")).expect("found"), library);
    }
}
