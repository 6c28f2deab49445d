//! Is there anything to do? One digest over everything the page is made from.
//!
//! Why it exists: `make run` calls the builder each time; when nothing changed it must answer at once.
//! Invariant: the stamp lies beside the page, never inside it, or it would be served.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};
use sha2::{Digest, Sha256};

use crate::{assets::hex, order::Order, wasm_opt};

/// Files and folders the page is made from, seen from the checkout.
const INPUTS: [&str; 7] = ["Cargo.lock", "Cargo.toml", "app", "server/api", "server/domain", "server/json", "style"];

/// The digest of the inputs, and where the one of the last build is kept.
pub struct Stamp {
    digest: String,
    file: PathBuf,
}

impl Stamp {
    pub fn of(order: &Order) -> Result<Self> {
        let mut sum = Sha256::new();
        sum.update(order.profile.cargo_name());
        sum.update(wasm_opt::find(order).map_or_else(String::new, |tool| tool.display().to_string()));
        for input in INPUTS {
            add(&mut sum, &order.root.join(input))?;
        }
        let mut file = order.out.clone().into_os_string();
        file.push(".stamp");
        Ok(Self { digest: hex(&sum.finalize()), file: file.into() })
    }

    /// Whether the page in `out` was made from these very inputs.
    pub fn is_fresh(&self, out: &Path) -> bool {
        out.join("index.html").is_file() && fs::read_to_string(&self.file).is_ok_and(|last| last == self.digest)
    }

    pub fn save(&self) -> Result<()> {
        fs::write(&self.file, &self.digest).with_context(|| format!("cannot write {}", self.file.display()))
    }
}

fn add(sum: &mut Sha256, path: &Path) -> Result<()> {
    if path.is_dir() {
        let mut children: Vec<PathBuf> = fs::read_dir(path)?.map(|entry| Ok(entry?.path())).collect::<Result<_>>()?;
        children.sort();
        return children.iter().try_for_each(|child| add(sum, child));
    }
    let content = fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
    sum.update(path.as_os_str().as_encoded_bytes());
    sum.update(content.len().to_le_bytes());
    sum.update(content);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::order::Profile;

    fn order_in(root: &Path) -> Order {
        for input in INPUTS {
            let path = root.join(input);
            fs::create_dir_all(path.parent().expect("a path below the checkout")).expect("a folder");
            fs::write(path, input).expect("a file");
        }
        Order { profile: Profile::Dev, out: root.join("out"), root: root.into(), target: root.join("target") }
    }

    #[test]
    fn a_page_is_fresh_until_an_input_changes() {
        let root = tempfile::tempdir().expect("a folder");
        let order = order_in(root.path());
        let stamp = Stamp::of(&order).expect("a stamp");
        assert!(!stamp.is_fresh(&order.out), "nothing was built yet");
        fs::create_dir(&order.out).expect("a folder");
        fs::write(order.out.join("index.html"), "").expect("a file");
        stamp.save().expect("saved");
        assert!(Stamp::of(&order).expect("a stamp").is_fresh(&order.out));
        fs::write(root.path().join("style"), "changed").expect("a file");
        assert!(!Stamp::of(&order).expect("a stamp").is_fresh(&order.out));
    }
}
