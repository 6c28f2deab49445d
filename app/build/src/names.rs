//! The names by which the wasm and its script know each other: as few and as short as can be.
//!
//! Why it exists: libraries bring classes for scripts that we do not have, and wasm-bindgen's names end in sixteen digits
//! that no compression shortens; together they were 6 KB of the page.
//! Invariant: the app is started and called back, nothing else: no script makes an object of a class of its own.

use anyhow::{Context, Result, bail};

use crate::bindgen::App;

/// Takes out of the script the classes of libraries, and out of the wasm what only they called.
pub fn few(app: &mut App) -> Result<()> {
    app.script = without_classes(&app.script);
    let called = |name: &str| {
        let call = format!("wasm.{name}");
        app.script.match_indices(&call).any(|(at, _)| !app.script[at + call.len()..].starts_with(is_of_name))
    };
    app.wasm = rewritten(&app.wasm, EXPORTS, |entries| {
        let mut kept = Vec::new();
        for _ in 0..entries.number()? {
            let begun = entries.rest;
            let name = entries.name()?;
            entries.bytes(1)?;
            entries.number()?;
            if called(name) {
                kept.push(begun[..begun.len() - entries.rest.len()].to_vec());
            }
        }
        Ok(kept)
    })?;
    Ok(())
}

/// Shortens the names of what the wasm imports; what it does not import goes out of the script.
pub fn short(app: &mut App) -> Result<()> {
    let mut names = Vec::new();
    app.wasm = rewritten(&app.wasm, IMPORTS, |entries| {
        let mut renamed = Vec::new();
        for _ in 0..entries.number()? {
            let module = entries.name()?;
            names.push(entries.name()?.to_owned());
            let kind = entries.bytes(1)?[0];
            if kind != FUNCTION {
                bail!("the wasm imports something of kind {kind}, not functions only");
            }
            let mut entry = Vec::new();
            put_name(&mut entry, module);
            put_name(&mut entry, &short_name(names.len() - 1));
            entry.push(kind);
            put_number(&mut entry, entries.number()?);
            renamed.push(entry);
        }
        Ok(renamed)
    })?;
    app.script = with_short_names(&app.script, &names);
    Ok(())
}

fn short_name(place: usize) -> String {
    format!("_{place}")
}

fn is_of_name(letter: char) -> bool {
    letter.is_ascii_alphanumeric() || letter == '_' || letter == '$'
}

/// The script as wasm-bindgen indents it, without `export class … }` and what is said about it.
fn without_classes(script: &str) -> String {
    let mut kept = String::new();
    // The last line of the part that is left out.
    let mut last: Option<fn(&str) -> bool> = None;
    for line in script.lines() {
        match last {
            Some(is_last) if is_last(line) => last = None,
            Some(_) => {}
            None if line.starts_with("export class ") => last = Some(|line| line == "}"),
            None if line.contains("Finalization = ") => last = Some(|line| line.ends_with(';')),
            None if line.starts_with("if (Symbol.dispose) ") => {}
            None => kept.extend([line, "\n"]),
        }
    }
    kept
}

/// The functions for the wasm stand in the script as `        name: function(…) {` to `        },`.
fn with_short_names(script: &str, names: &[String]) -> String {
    let mut kept = String::new();
    let mut skips = false;
    for line in script.lines() {
        let entry = line.strip_prefix("        ").and_then(|line| line.split_once(": function("));
        match entry.filter(|(name, _)| name.chars().all(is_of_name)) {
            Some((name, rest)) => match names.iter().position(|known| known == name) {
                Some(place) => kept.extend(["        ", &short_name(place), ": function(", rest, "\n"]),
                None => skips = true,
            },
            None if skips => skips = line != "        },",
            None => kept.extend([line, "\n"]),
        }
    }
    kept
}

const IMPORTS: u8 = 2;
const EXPORTS: u8 = 7;
const FUNCTION: u8 = 0;

/// The wasm with one section made anew from its entries.
fn rewritten(wasm: &[u8], section: u8, make: impl FnOnce(&mut Reader) -> Result<Vec<Vec<u8>>>) -> Result<Vec<u8>> {
    let mut make = Some(make);
    let mut whole = Reader { rest: wasm };
    let mut anew = whole.bytes(8)?.to_vec();
    while !whole.rest.is_empty() {
        let id = whole.bytes(1)?[0];
        let length = whole.number()?;
        let mut content = Reader { rest: whole.bytes(length)? };
        let content = match make.take_if(|_| id == section) {
            Some(make) => {
                let entries = make(&mut content)?;
                let mut content = Vec::new();
                put_number(&mut content, entries.len());
                content.extend(entries.concat());
                content
            }
            None => content.rest.to_vec(),
        };
        anew.push(id);
        put_number(&mut anew, content.len());
        anew.extend(content);
    }
    Ok(anew)
}

struct Reader<'a> {
    rest: &'a [u8],
}

impl<'a> Reader<'a> {
    fn bytes(&mut self, length: usize) -> Result<&'a [u8]> {
        let (taken, rest) = self.rest.split_at_checked(length).context("the wasm ends too early")?;
        self.rest = rest;
        Ok(taken)
    }

    /// A number in as many bytes as it takes, seven bits in each.
    fn number(&mut self) -> Result<usize> {
        let mut number = 0;
        for place in 0..5 {
            let byte = self.bytes(1)?[0];
            number |= usize::from(byte & 0x7f) << (7 * place);
            if byte < 0x80 {
                return Ok(number);
            }
        }
        bail!("the wasm holds a number that is too long")
    }

    fn name(&mut self) -> Result<&'a str> {
        let length = self.number()?;
        Ok(std::str::from_utf8(self.bytes(length)?)?)
    }
}

#[expect(clippy::cast_possible_truncation, reason = "seven bits fit into a byte")]
fn put_number(bytes: &mut Vec<u8>, mut number: usize) {
    while number >= 0x80 {
        bytes.push(number as u8 & 0x7f | 0x80);
        number >>= 7;
    }
    bytes.push(number as u8);
}

fn put_name(bytes: &mut Vec<u8>, name: &str) {
    put_number(bytes, name.len());
    bytes.extend(name.as_bytes());
}

#[cfg(test)]
mod tests {
    use super::*;

    const SCRIPT: &str = "export class A {
    free() {
        wasm.a_free(ptr, 0);
    }
}
if (Symbol.dispose) A.prototype[Symbol.dispose] = A.prototype.free;
function __wbg_get_imports() {
    const import0 = {
        __proto__: null,
        __wbg_one_0123: function(arg0) {
            f(() => {
                g();
            }, 1);
        },
        __wbg_two_4567: function() {
            return wasm.go;
        },
    };
}
const AFinalization = (typeof FinalizationRegistry === 'undefined')
    ? { }
    : new FinalizationRegistry(ptr => wasm.a_free(ptr, 1));
let last;
";

    /// A wasm that imports `names` and exports `a_free`, `go` and `gone`.
    fn app(names: &[&str]) -> App {
        let entries = |content: &[(&str, Option<&str>)]| {
            let mut section = Vec::new();
            put_number(&mut section, content.len());
            for (name, more) in content {
                put_name(&mut section, name);
                if let Some(more) = more {
                    put_name(&mut section, more);
                }
                section.extend([0, 1]);
            }
            section
        };
        let imports: Vec<_> = names.iter().map(|name| ("./app_bg.js", Some(*name))).collect();
        let mut wasm = b"\0asm\x01\0\0\0".to_vec();
        let exports = [("a_free", None), ("go", None), ("gone", None)];
        for (id, section) in [(IMPORTS, entries(&imports)), (EXPORTS, entries(&exports)), (0, vec![7; 200])] {
            wasm.push(id);
            put_number(&mut wasm, section.len());
            wasm.extend(section);
        }
        App { script: SCRIPT.into(), wasm, snippets: vec![] }
    }

    fn holds(wasm: &[u8], name: &str) -> bool {
        wasm.windows(name.len()).any(|bytes| bytes == name.as_bytes())
    }

    #[test]
    fn classes_go_with_what_only_they_called() {
        let mut app = app(&["__wbg_one_0123"]);
        few(&mut app).expect("a good wasm");
        assert!(!app.script.contains("class") && !app.script.contains("a_free") && !app.script.contains("dispose"));
        assert!(app.script.starts_with("function __wbg_get_imports() {\n") && app.script.ends_with("}\nlet last;\n"));
        assert!(holds(&app.wasm, "\u{2}go") && !holds(&app.wasm, "a_free") && !holds(&app.wasm, "gone"));
        assert!(app.wasm.ends_with(&[7; 200]), "what follows stays");
    }

    #[test]
    fn what_is_imported_has_a_short_name_and_what_is_not_is_gone() {
        let mut app = app(&["__wbg_two_4567"]);
        short(&mut app).expect("a good wasm");
        assert!(app.script.contains("\n        _0: function() {\n            return wasm.go;\n        },\n    };\n"));
        assert!(!app.script.contains("__wbg_one") && !app.script.contains("g();"), "{}", app.script);
        assert!(holds(&app.wasm, "./app_bg.js\u{2}_0") && !holds(&app.wasm, "two"));
    }

    #[test]
    fn a_wasm_that_ends_too_early_is_refused() {
        let mut app = app(&["__wbg_two_4567"]);
        app.wasm.truncate(30);
        assert!(short(&mut app).is_err());
    }
}
