//! From a text to a tree.

use std::borrow::Cow;

use crate::{Json, Object};

/// The tree of a text; nothing may follow it.
pub fn parse(text: &str) -> Option<Json<'_>> {
    let mut reader = Reader { rest: text };
    let json = reader.value()?;
    reader.peek().is_none().then_some(json)
}

struct Reader<'a> {
    rest: &'a str,
}

impl<'a> Reader<'a> {
    /// The next byte that is no white space; it is not taken.
    fn peek(&mut self) -> Option<u8> {
        self.rest = self.rest.trim_ascii_start();
        self.rest.as_bytes().first().copied()
    }

    /// Takes what must stand here.
    fn take(&mut self, word: &str) -> Option<()> {
        self.rest = self.rest.strip_prefix(word)?;
        Some(())
    }

    /// Takes the first bytes.
    fn split(&mut self, at: usize) -> &'a str {
        let (taken, rest) = self.rest.split_at(at);
        self.rest = rest;
        taken
    }

    fn value(&mut self) -> Option<Json<'a>> {
        Some(match self.peek()? {
            b'{' => {
                let mut entries = Vec::new();
                self.entries("}", |reader| {
                    reader.peek()?;
                    let name = reader.text()?;
                    reader.peek()?;
                    reader.take(":")?;
                    entries.push((name, reader.value()?));
                    Some(())
                })?;
                Json::Object(Object(entries))
            }
            b'[' => {
                let mut list = Vec::new();
                self.entries("]", |reader| {
                    list.push(reader.value()?);
                    Some(())
                })?;
                Json::List(list)
            }
            b'"' => Json::Text(self.text()?),
            b'n' => {
                self.take("null")?;
                Json::Null
            }
            b't' => {
                self.take("true")?;
                Json::Flag(true)
            }
            b'f' => {
                self.take("false")?;
                Json::Flag(false)
            }
            _ => Json::Number(self.number()?),
        })
    }

    /// What stands between two brackets, with commas between.
    fn entries(&mut self, end: &str, mut entry: impl FnMut(&mut Self) -> Option<()>) -> Option<()> {
        self.split(1);
        self.peek()?;
        if self.take(end).is_some() {
            return Some(());
        }
        loop {
            entry(self)?;
            self.peek()?;
            if self.take(end).is_some() {
                return Some(());
            }
            self.take(",")?;
        }
    }

    fn number(&mut self) -> Option<&'a str> {
        let number = |byte: &u8| matches!(byte, b'0'..=b'9' | b'-' | b'+' | b'.' | b'e' | b'E');
        let end = self.rest.bytes().take_while(number).count();
        if end == 0 { None } else { Some(self.split(end)) }
    }

    /// A text; borrowed where nothing in it is escaped.
    fn text(&mut self) -> Option<Cow<'a, str>> {
        self.take("\"")?;
        let mut text = String::new();
        loop {
            let plain = self.split(self.rest.find(['"', '\\'])?);
            if self.take("\"").is_some() {
                return Some(if text.is_empty() { Cow::Borrowed(plain) } else { Cow::Owned(text + plain) });
            }
            text.push_str(plain);
            text.push(self.escaped()?);
        }
    }

    fn escaped(&mut self) -> Option<char> {
        self.take("\\")?;
        let byte = *self.rest.as_bytes().first()?;
        self.rest = self.rest.get(1..)?;
        Some(match byte {
            b'"' | b'\\' | b'/' => char::from(byte),
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'u' => match self.hex()? {
                high @ 0xD800..0xDC00 => {
                    self.take("\\u")?;
                    let low = self.hex()?.checked_sub(0xDC00)?;
                    char::from_u32(0x1_0000 + ((high - 0xD800) << 10) + low)?
                }
                code => char::from_u32(code)?,
            },
            _ => return None,
        })
    }

    fn hex(&mut self) -> Option<u32> {
        let digits = self.rest.get(..4)?;
        self.rest = &self.rest[4..];
        u32::from_str_radix(digits, 16).ok()
    }
}
