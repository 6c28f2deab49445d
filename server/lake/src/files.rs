//! Small steps on local files that everything here shares.
//!
//! Invariant: a file written here is either whole or absent, also after a loss of power.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::Path;

use crate::LakeError;

/// Writes a file so that a reader sees all of it or nothing.
pub(crate) fn write_whole(path: &Path, content: &[u8]) -> Result<(), LakeError> {
    let folder = path.parent().expect("every file of the lake lies in a folder");
    let draft = draft_of(path);
    let write = || -> io::Result<()> {
        fs::create_dir_all(folder)?;
        let mut file = File::create(&draft)?;
        file.write_all(content)?;
        file.sync_all()?;
        fs::rename(&draft, path)?;
        File::open(folder)?.sync_all()
    };
    write().map_err(|error| {
        let _ = fs::remove_file(&draft);
        LakeError::io("write", path, error)
    })
}

/// Where [`write_whole`] writes before the file has its name. Whoever is killed meanwhile leaves it there.
pub(crate) fn draft_of(path: &Path) -> std::path::PathBuf {
    let name = path.file_name().expect("every file of the lake has a name").to_string_lossy();
    path.with_file_name(format!(".{name}.draft"))
}

/// The names in a folder, sorted; none when the folder is not there.
pub(crate) fn names(folder: &Path) -> Result<Vec<String>, LakeError> {
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if is_absent(&error) => return Ok(Vec::new()),
        Err(error) => return Err(LakeError::io("list", folder, error)),
    };
    let mut names = entries
        .map(|entry| entry.map(|entry| entry.file_name().to_string_lossy().into_owned()))
        .collect::<io::Result<Vec<_>>>()
        .map_err(|error| LakeError::io("list", folder, error))?;
    names.sort_unstable();
    Ok(names)
}

/// The whole content of a file; `None` when it is not there.
pub(crate) fn read(path: &Path) -> Result<Option<Vec<u8>>, LakeError> {
    match fs::read(path) {
        Ok(content) => Ok(Some(content)),
        Err(error) if is_absent(&error) => Ok(None),
        Err(error) => Err(LakeError::io("read", path, error)),
    }
}

/// Removes a file and says how many bytes that freed; 0 when it was not there.
pub(crate) fn remove(path: &Path) -> Result<u64, LakeError> {
    let bytes = fs::symlink_metadata(path).map_or(0, |meta| meta.len());
    match fs::remove_file(path) {
        Ok(()) => Ok(bytes),
        Err(error) if is_absent(&error) => Ok(0),
        Err(error) => Err(LakeError::io("remove", path, error)),
    }
}

/// Removes a folder with all in it; nothing happens when it is not there.
pub(crate) fn clear(folder: &Path) -> Result<(), LakeError> {
    match fs::remove_dir_all(folder) {
        Err(error) if !is_absent(&error) => Err(LakeError::io("remove", folder, error)),
        Ok(()) | Err(_) => Ok(()),
    }
}

/// Asks the disk to keep the content of these files, then of their folders.
#[cfg(feature = "embedded")]
pub(crate) fn sync(paths: &[std::path::PathBuf]) -> Result<(), LakeError> {
    let keep = |path: &Path| File::open(path).and_then(|file| file.sync_all());
    for path in paths {
        keep(path).map_err(|error| LakeError::io("sync", path, error))?;
    }
    let mut folders: Vec<&Path> = paths.iter().filter_map(|path| path.parent()).collect();
    folders.dedup();
    for folder in folders {
        keep(folder).map_err(|error| LakeError::io("sync", folder, error))?;
    }
    Ok(())
}

/// How many files lie below a folder, and their bytes. Files that vanish meanwhile are not counted.
pub(crate) fn weigh(folder: &Path) -> (u64, u64) {
    let Ok(entries) = fs::read_dir(folder) else { return (0, 0) };
    entries.flatten().fold((0, 0), |(files, bytes), entry| match entry.metadata() {
        Ok(meta) if meta.is_dir() => {
            let below = weigh(&entry.path());
            (files + below.0, bytes + below.1)
        }
        Ok(meta) => (files + 1, bytes + meta.len()),
        Err(_) => (files, bytes),
    })
}

fn is_absent(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory)
}
