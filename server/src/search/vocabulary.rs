//! The texts of all columns, each once: two million columns say the same few thousand things.

use std::collections::HashMap;
use std::hash::{BuildHasher, RandomState};
use std::sync::Arc;

use memchr::memmem;

/// Texts by number; shared by all who read while the next one grows.
#[derive(Clone, Default)]
pub struct Vocabulary {
    chunks: Vec<Arc<Chunk>>,
}

/// Texts that came together, one behind the other.
struct Chunk {
    first: u32,
    text: String,
    /// Where each text begins, and where the last one ends.
    starts: Vec<u32>,
}

impl Chunk {
    fn new(first: u32) -> Self {
        Self { first, text: String::new(), starts: vec![0] }
    }

    fn len(&self) -> usize {
        self.starts.len() - 1
    }

    fn get(&self, number: u32) -> &str {
        let at = (number - self.first) as usize;
        &self.text[self.starts[at] as usize..self.starts[at + 1] as usize]
    }
}

/// Lower case, without control characters: what is searched in, and what is searched for.
pub fn fold(text: &str) -> String {
    let plain = |letter: char| if letter.is_control() { ' ' } else { letter };
    if text.is_ascii() {
        let mut text = text.to_ascii_lowercase();
        if text.bytes().any(|byte| byte.is_ascii_control()) {
            text = text.chars().map(plain).collect();
        }
        return text;
    }
    text.chars().flat_map(char::to_lowercase).map(plain).collect()
}

impl Vocabulary {
    /// The numbers of all texts that hold a word, in order.
    pub fn matching(&self, word: &str) -> Vec<u32> {
        let finder = memmem::Finder::new(word.as_bytes());
        let mut numbers = Vec::new();
        for chunk in &self.chunks {
            each_once(&finder, &chunk.text, &chunk.starts, |at, _| {
                numbers.push(chunk.first + u32::try_from(at).expect("numbers are u32"));
            });
        }
        numbers
    }

    /// Bytes of all texts.
    pub fn size(&self) -> usize {
        self.chunks.iter().map(|chunk| chunk.text.len() + chunk.starts.len() * 4).sum()
    }
}

/// Calls for the first place of a word in each of the texts that lie behind one another in `text`.
pub fn each_once(finder: &memmem::Finder<'_>, text: &str, starts: &[u32], mut found: impl FnMut(usize, usize)) {
    let (mut at, mut from) = (0, 0);
    while let Some(place) = finder.find(&text.as_bytes()[from..]).map(|place| from + place) {
        // The text in which it lies is not far: hits come in order.
        while starts[at + 1] as usize <= place {
            at += 1;
        }
        found(at, place - starts[at] as usize);
        from = starts[at + 1] as usize;
    }
}

/// Makes a vocabulary grow.
#[derive(Default)]
pub struct Growing {
    whole: Vocabulary,
    next: u32,
    open: Option<Chunk>,
    hasher: RandomState,
    known: HashMap<u64, u32>,
}

impl Growing {
    /// The number of a column's text: a known one, or a new one.
    pub fn number(&mut self, name: &str, comment: &str) -> u32 {
        let text = format!("{}\t{}\n", fold(name), fold(comment));
        let hash = self.hasher.hash_one(&text);
        if let Some(known) = self.known.get(&hash).copied()
            && self.get(known) == text
        {
            return known;
        }
        let number = self.next;
        self.next += 1;
        let chunk = self.open.get_or_insert_with(|| Chunk::new(number));
        chunk.text.push_str(&text);
        chunk.starts.push(u32::try_from(chunk.text.len()).expect("texts that come together are far below 4 GB"));
        self.known.insert(hash, number);
        number
    }

    fn get(&self, number: u32) -> &str {
        match &self.open {
            Some(open) if open.first <= number => open.get(number),
            _ => {
                let at = self.whole.chunks.partition_point(|chunk| chunk.first <= number) - 1;
                self.whole.chunks[at].get(number)
            }
        }
    }

    /// The vocabulary as it is now.
    pub fn close(&mut self) -> Vocabulary {
        if let Some(mut open) = self.open.take().filter(|open| open.len() > 0) {
            open.text.shrink_to_fit();
            open.starts.shrink_to_fit();
            self.whole.chunks.push(Arc::new(open));
        }
        self.whole.clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_has_one_number_and_is_found_by_any_part() {
        let mut growing = Growing::default();
        let id = growing.number("ID", "编号");
        let before = growing.close();
        let name = growing.number("tenant_name", "租客\n姓名");
        assert_eq!(growing.number("id", "编号"), id);
        assert_ne!(growing.number("id", ""), id);
        let whole = growing.close();
        assert_eq!((before.matching("编"), before.matching("name")), (vec![id], vec![]));
        assert_eq!((whole.matching("id").len(), whole.matching("客 姓")), (2, vec![name]));
    }
}
