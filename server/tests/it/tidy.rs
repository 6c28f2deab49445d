//! Guards the rooms: who may know whom, and what stands nowhere. Reads the sources as text.

use std::fs;
use std::path::{Path, PathBuf};

/// A source file: its path from the root of the repository, and what stands in it outside comments and tests.
struct File {
    path: String,
    whole: String,
    code: String,
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("server lies in the repository").to_owned()
}

/// All Rust files below folders of the repository.
fn files(folders: &[&str]) -> Vec<File> {
    let mut found = Vec::new();
    let mut waiting: Vec<_> = folders.iter().map(|folder| root().join(folder)).collect();
    while let Some(path) = waiting.pop() {
        if path.is_dir() {
            waiting.extend(fs::read_dir(&path).expect("a folder").map(|entry| entry.expect("an entry").path()));
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            let whole = fs::read_to_string(&path).expect("text");
            let path = path.strip_prefix(root()).expect("below the root").to_string_lossy().into_owned();
            found.push(File { path, code: code_of(&whole), whole });
        }
    }
    assert!(found.len() > 3, "{folders:?} hold no sources");
    found
}

/// What stands before the tests, without comments.
fn code_of(whole: &str) -> String {
    let before_tests = whole.split("#[cfg(test)]\nmod tests {").next().unwrap_or(whole);
    let lines: Vec<_> = before_tests.lines().filter(|line| !line.trim_start().starts_with("//")).collect();
    lines.join("\n")
}

const CRATES: [&str; 7] =
    ["server/src", "server/api/src", "server/domain/src", "server/json", "server/lake/src", "app/src", "app/build/src"];

/// No code below `folders` holds a word, save in files whose path begins with one of `allowed`.
#[track_caller]
fn only_in(word: &str, folders: &[&str], allowed: &[&str]) {
    let astray: Vec<_> = files(folders)
        .into_iter()
        .filter(|file| file.code.contains(word) && !allowed.iter().any(|path| file.path.starts_with(path)))
        .map(|file| file.path)
        .collect();
    assert!(astray.is_empty(), "{word:?} belongs into {allowed:?} only, but stands in {astray:?}");
}

#[test]
fn only_the_store_and_sources_speak_sql() {
    for word in ["sqlx::", "use sqlx"] {
        only_in(word, &CRATES, &["server/src/store/", "server/src/outside/source/"]);
    }
}

#[test]
fn only_outside_calls_other_servers() {
    only_in("reqwest", &CRATES, &["server/src/outside/"]);
}

#[test]
fn only_http_knows_statuses_and_the_router() {
    only_in("StatusCode", &CRATES, &["server/src/http/"]);
    only_in("axum", &["server/src"], &["server/src/http/", "server/src/boot.rs"]);
    for room in ["server/src/store", "server/src/outside", "server/src/work"] {
        only_in("crate::http", &[room], &[]);
        only_in("use api", &[room], &[]);
        only_in("api::", &[room], &[]);
    }
}

#[test]
fn the_store_and_outside_know_no_other_room() {
    only_in("crate::work", &["server/src/store", "server/src/outside"], &[]);
    only_in("crate::outside", &["server/src/store"], &[]);
    only_in("crate::store", &["server/src/outside"], &[]);
}

#[test]
fn the_search_knows_the_store_and_no_room_of_people() {
    for word in ["crate::http", "crate::work", "crate::outside", "use api", "api::"] {
        only_in(word, &["server/src/search"], &[]);
    }
    only_in("crate::search", &["server/src/store", "server/src/outside", "server/src/work"], &[]);
}

#[test]
fn only_the_settings_read_the_environment() {
    for word in ["env::var", "env::vars", "std::env::args"] {
        only_in(
            word,
            &["server/src", "server/api/src", "server/domain/src", "server/lake/src"],
            &["server/src/config.rs"],
        );
    }
}

#[test]
fn a_path_of_the_api_is_spelled_once() {
    only_in("\"/api", &["server/src", "server/api/src", "app/src"], &["server/api/src/paths.rs"]);
}

#[test]
fn the_page_knows_nothing_of_the_server() {
    only_in("lakegate::", &["app/src"], &[]);
    only_in("gloo_net", &["app/src"], &["app/src/api/"]);
}

#[test]
fn only_the_lake_knows_paimon() {
    only_in("paimon::", &CRATES, &["server/lake/"]);
}

#[test]
fn nothing_is_unwrapped_printed_or_left_for_later() {
    for word in [".unwrap()", "todo!(", "unimplemented!(", "dbg!(", "#[allow("] {
        only_in(word, &CRATES, &[]);
    }
}

#[test]
fn no_test_is_switched_off_and_none_sleeps() {
    let folders = [&CRATES[..], &["server/tests", "server/lake/tests"]].concat();
    let ignored = format!("#[{}", "ignore");
    for file in files(&folders) {
        assert!(!file.whole.contains(&ignored), "{} has a test that is switched off", file.path);
    }
    only_in("thread::sleep", &["server/tests", "server/lake/tests"], &["server/tests/it/tidy.rs"]);
}

#[test]
fn no_source_is_longer_than_four_hundred_lines() {
    let long: Vec<_> = files(&CRATES)
        .into_iter()
        .map(|file| (file.code.lines().count(), file.path))
        .filter(|(lines, _)| *lines > 400)
        .collect();
    assert!(long.is_empty(), "split by noun or verb: {long:?}");
}

#[test]
fn every_source_says_first_why_it_exists() {
    let silent: Vec<_> = files(&["server", "app"])
        .into_iter()
        .filter(|file| !file.whole.starts_with("//!"))
        .map(|file| file.path)
        .filter(|path| !path.starts_with("server/target") && !path.starts_with("app/target"))
        .collect();
    assert!(silent.is_empty(), "a module opens with a sentence about itself: {silent:?}");
}

#[test]
fn nothing_names_a_folder_of_somebodys_machine() {
    let own = root();
    let homes = ["/home/", "/Users/", "C:\\\\"];
    for file in files(&[&CRATES[..], &["server/tests", "server/lake/tests"]].concat()) {
        if file.path == "server/tests/it/tidy.rs" {
            continue;
        }
        let named = homes.iter().find(|home| file.whole.contains(*home));
        assert!(named.is_none(), "{} names {named:?}", file.path);
        assert!(!file.whole.contains(&own.display().to_string()), "{} names the folder it was built in", file.path);
    }
}

#[test]
fn every_module_of_the_tests_is_in_the_one_binary() {
    for file in files(&["server/tests/it"]) {
        let path = Path::new(&file.path);
        let name = path.file_stem().expect("a name").to_string_lossy();
        let folder = path.parent().expect("a folder");
        // The module that must name this one: a folder's is named by the folder above.
        let (name, folder) = match &*name {
            "mod" => (folder.file_name().expect("a name").to_string_lossy(), folder.parent().expect("a folder")),
            _ => (name, folder),
        };
        let parent = root().join(folder).join(if folder.ends_with("it") { "main.rs" } else { "mod.rs" });
        let parent = fs::read_to_string(parent).expect("text");
        assert!(name == "main" || parent.contains(&format!("mod {name};")), "{} is never run", file.path);
    }
}
