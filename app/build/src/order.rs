//! What to build, and where: the command line and the folders cargo told us about.

use std::{
    env,
    path::{Path, PathBuf, absolute},
};

use anyhow::{Context, Result, bail};

/// How the page is compiled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Profile {
    /// Compiles fast; for `make run` and the browser tests.
    Dev,
    /// Small and compressed; for the released binary.
    Release,
}

impl Profile {
    /// The cargo profile of this name stands in the workspace's `Cargo.toml`.
    pub fn cargo_name(self) -> &'static str {
        match self {
            Self::Dev => "wasm-dev",
            Self::Release => "wasm",
        }
    }
}

/// One call of the builder.
pub struct Order {
    pub profile: Profile,
    /// The folder that receives the page.
    pub out: PathBuf,
    /// The checkout.
    pub root: PathBuf,
    /// Cargo's target folder; ours is `page` below it, so that wasm and host builds never wait for each other.
    pub target: PathBuf,
}

impl Order {
    pub fn from_process() -> Result<Self> {
        let root = match env::var_os("CARGO_MANIFEST_DIR") {
            Some(own) => {
                Path::new(&own).ancestors().nth(2).context("the page builder lives in app/build")?.to_path_buf()
            }
            None => env::current_dir()?,
        };
        let target = env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), PathBuf::from);
        Self::parse(env::args().skip(1), root, &target)
    }

    fn parse(mut words: impl Iterator<Item = String>, root: PathBuf, target: &Path) -> Result<Self> {
        let (mut profile, mut out) = (Profile::Dev, None);
        while let Some(word) = words.next() {
            match word.as_str() {
                "--release" => profile = Profile::Release,
                "--out" => out = words.next(),
                other => bail!("unknown argument {other}; usage: page [--release] --out <folder>"),
            }
        }
        let out = absolute(out.context("--out <folder> is missing")?)?;
        Ok(Self { profile, out, root, target: absolute(target)?.join("page") })
    }

    /// A folder for files between two steps.
    pub fn scratch(&self) -> PathBuf {
        self.target.join("scratch").join(self.profile.cargo_name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(line: &str) -> Result<Order> {
        Order::parse(line.split_whitespace().map(str::to_owned), "/checkout".into(), Path::new("/target"))
    }

    #[test]
    fn the_folder_must_be_named() {
        assert!(parse("--release").is_err());
        assert!(parse("--out").is_err());
    }

    #[test]
    fn a_release_has_its_own_cargo_profile() {
        let order = parse("--release --out /tmp/page").expect("a good line");
        assert_eq!(order.profile.cargo_name(), "wasm");
        assert_eq!(order.target, Path::new("/target/page"));
    }

    #[test]
    fn an_unknown_word_is_refused() {
        assert!(parse("--out /tmp/page --fast").is_err());
    }
}
