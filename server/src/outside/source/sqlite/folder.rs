//! Which files are databases of a source, and which never are.
//!
//! Invariant: files are looked at by name and status only. Opening and closing one ourselves would drop the locks that
//! `SQLite` holds on it in this process (<https://sqlite.org/howtocorrupt.html>, "POSIX advisory locks").

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::fs;
use std::io::ErrorKind;
use std::os::unix::fs::MetadataExt;
use std::path::{Component, Path, PathBuf};

use domain::name::Name;
use domain::source::finding::{Finding, FindingCode};

use super::super::SourceError;

/// How the file of a database may end.
const ENDINGS: [&str; 3] = ["db", "sqlite", "sqlite3"];

/// A folder below the one that the settings name.
#[derive(Debug)]
pub struct Folder {
    root: PathBuf,
    below: PathBuf,
    /// When one file was named: only this database of the folder.
    only: Option<String>,
    forbidden: Vec<PathBuf>,
}

/// What lies in the folder.
#[derive(Debug, Default)]
pub struct Listing {
    /// The databases by name: the file with all links resolved, or why it is left out.
    pub files: BTreeMap<Name, Result<PathBuf, LeftOut>>,
    /// Files whose names the lake could not hold.
    pub refused: Vec<String>,
}

/// Why a file in the folder is no database of this source.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LeftOut {
    /// It is a link that leads out of the folder of the settings.
    Outside,
    /// It is one of our own files.
    OwnStore,
    /// Another file has the same name before its ending.
    TwoFiles,
}

impl Folder {
    /// Refuses a path that leads out, as far as that can be told now. A path that ends like a database is one file.
    pub fn new(root: &Path, below: &str, forbidden: &[PathBuf]) -> Result<Self, SourceError> {
        let mut path = PathBuf::from(below);
        let plain = path.components().all(|part| matches!(part, Component::Normal(_) | Component::CurDir));
        if !plain || below.contains('\0') {
            return Err(SourceError::Outside { what: format!("{below:?}") });
        }
        let only = stem(&path).filter(|_| !root.join(&path).is_dir());
        if only.is_some() {
            path.pop();
        }
        let folder = Self { root: root.to_owned(), below: path, only, forbidden: forbidden.to_vec() };
        match folder.resolve() {
            Err(error @ SourceError::Outside { .. }) => Err(error),
            Ok(_) | Err(_) => Ok(folder),
        }
    }

    /// The file of one database.
    pub fn file(&self, database: &Name) -> Result<PathBuf, SourceError> {
        let what = super::error::database(database);
        match self.databases()?.files.remove(database) {
            None => Err(SourceError::Away { what, cause: None }),
            Some(Ok(path)) => Ok(path),
            Some(Err(LeftOut::Outside)) => Err(SourceError::Outside { what }),
            Some(Err(LeftOut::OwnStore)) => {
                Err(SourceError::Denied { what: format!("{what}: it is one of Lakegate's own files"), cause: None })
            }
            Some(Err(LeftOut::TwoFiles)) => {
                Err(SourceError::Other { what: format!("{what}: two files claim this name"), cause: None })
            }
        }
    }

    /// Every database in the folder, in the order of their names.
    pub fn databases(&self) -> Result<Listing, SourceError> {
        let (root, folder) = self.resolve()?;
        let mut listing = Listing::default();
        for entry in fs::read_dir(&folder).map_err(|error| self.told(error))? {
            let path = entry.map_err(|error| self.told(error))?.path();
            let Some(stem) = stem(&path) else { continue };
            if self.only.as_ref().is_some_and(|only| *only != stem) {
                continue;
            }
            let Ok(name) = stem.parse::<Name>() else {
                listing.refused.push(stem);
                continue;
            };
            match listing.files.entry(name) {
                Entry::Occupied(mut twin) => drop(twin.insert(Err(LeftOut::TwoFiles))),
                Entry::Vacant(free) => drop(free.insert(self.check(&root, &path))),
            }
        }
        listing.refused.sort();
        Ok(listing)
    }

    /// Root and folder with all links resolved.
    fn resolve(&self) -> Result<(PathBuf, PathBuf), SourceError> {
        let root = self.root.canonicalize().map_err(|error| self.told(error))?;
        let folder = root.join(&self.below).canonicalize().map_err(|error| self.told(error))?;
        if folder.starts_with(&root) {
            Ok((root, folder))
        } else {
            Err(SourceError::Outside { what: self.below.display().to_string() })
        }
    }

    fn check(&self, root: &Path, path: &Path) -> Result<PathBuf, LeftOut> {
        // A link to nowhere stays as it is: opening it says that it is missing.
        let Ok(resolved) = path.canonicalize() else { return Ok(path.to_owned()) };
        if !resolved.starts_with(root) {
            return Err(LeftOut::Outside);
        }
        if self.forbidden.iter().any(|own| is_same(own, &resolved)) {
            return Err(LeftOut::OwnStore);
        }
        Ok(resolved)
    }

    fn told(&self, error: std::io::Error) -> SourceError {
        let what = format!("folder {}", self.below.display());
        match error.kind() {
            ErrorKind::PermissionDenied => SourceError::Denied { what, cause: Some(error.into()) },
            _ => SourceError::Away { what, cause: Some(error.into()) },
        }
    }
}

impl LeftOut {
    /// What a test of the source says about it.
    pub fn finding(self, database: &Name) -> Finding {
        let code = match self {
            Self::Outside => FindingCode::FileOutside,
            Self::OwnStore => FindingCode::OwnStore,
            Self::TwoFiles => FindingCode::TwoFiles,
        };
        Finding::new(code).text("database", database)
    }
}

/// The database's name, when the file is one by its ending.
fn stem(path: &Path) -> Option<String> {
    let ending = path.extension()?.to_str()?;
    let known = ENDINGS.iter().any(|known| known.eq_ignore_ascii_case(ending));
    known.then(|| path.file_stem().map(|stem| stem.to_string_lossy().into_owned()))?
}

/// Is `path` our own file, or in our own folder: by path, and by the file itself (a hard link has another path).
fn is_same(own: &Path, path: &Path) -> bool {
    let Ok(own) = own.canonicalize() else { return false };
    let identity = |path: &Path| fs::metadata(path).map(|status| (status.dev(), status.ino())).ok();
    path.starts_with(&own) || (identity(&own).is_some() && identity(&own) == identity(path))
}
