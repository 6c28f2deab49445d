//! What the server says to people: problems, causes, waits, events. Both sides read the same two files.
//!
//! A sentence is one key with named places (`{who}`); each language orders them as it likes. Where a sentence counts
//! tables (place `n`) and has a sibling `<key>.one`, that one speaks of a single table.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use domain::said::{Param, Said};
use domain::time::Millis;

/// A language people read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lang {
    /// English.
    En,
    /// Chinese.
    Zh,
}

impl Lang {
    /// The language we speak for a tag such as `zh-Hans-CN`.
    pub fn of_tag(tag: &str) -> Option<Self> {
        match tag.split('-').next()? {
            "en" => Some(Self::En),
            "zh" => Some(Self::Zh),
            _ => None,
        }
    }

    /// How a page names it.
    pub fn tag(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::Zh => "zh",
        }
    }
}

/// How numbers and times are written. The page uses the browser's `Intl`; the server writes plain ones.
pub trait Format {
    /// A number of things.
    fn count(&self, count: u64) -> String;
    /// A moment as a clock time of the reader's zone.
    fn at(&self, at: Millis) -> String;
    /// A span in milliseconds, as "14 min".
    fn span(&self, span: i64) -> String;
}

/// Keys and texts, sorted by key.
type Words = Vec<(&'static str, &'static str)>;

static WORDS: [OnceLock<Words>; 2] = [OnceLock::new(), OnceLock::new()];

/// Takes the words of a language, sorted by key. The page loads them; the server has them compiled in.
pub fn learn(lang: Lang, words: Words) {
    // Twice the same file is the same words.
    let _ = WORDS[lang as usize].set(words);
}

#[cfg(not(target_arch = "wasm32"))]
fn words(lang: Lang) -> &'static Words {
    WORDS[lang as usize].get_or_init(|| {
        let text = match lang {
            Lang::En => include_str!("../words/en.json"),
            Lang::Zh => include_str!("../words/zh.json"),
        };
        let words: BTreeMap<String, String> =
            serde_json::from_str(text).expect("a words file is a flat JSON object; a test parses it");
        words.into_iter().map(|(key, text)| (&*key.leak(), &*text.leak())).collect()
    })
}

#[cfg(target_arch = "wasm32")]
fn words(lang: Lang) -> &'static Words {
    static NONE: Words = Vec::new();
    WORDS[lang as usize].get().unwrap_or(&NONE)
}

/// The text of a key as it stands in the file; `None` when there is none.
pub fn text(lang: Lang, key: &str) -> Option<&'static str> {
    let words = words(lang);
    words.binary_search_by(|(known, _)| (*known).cmp(key)).ok().map(|place| words[place].1)
}

/// Speaks a sentence. A key that is missing is shown as it is: a visible fault, never a blank.
pub fn speak(lang: Lang, said: &Said, format: &impl Format) -> String {
    let one = matches!(said.params.get("n"), Some(Param::Count(1)));
    let template = one.then(|| text(lang, &format!("{}.one", said.key))).flatten().or_else(|| text(lang, &said.key));
    let Some(template) = template else {
        return said.key.clone();
    };
    fill(lang, template, &said.params, format)
}

fn fill(lang: Lang, template: &str, params: &BTreeMap<String, Param>, format: &impl Format) -> String {
    let mut spoken = String::with_capacity(template.len() + 32);
    let mut rest = template;
    while let Some(open) = rest.find('{') {
        let Some(length) = rest[open..].find('}') else { break };
        spoken.push_str(&rest[..open]);
        let place = &rest[open + 1..open + length];
        match params.get(place) {
            Some(Param::Text(text)) => spoken.push_str(word(lang, place, text).unwrap_or(text)),
            Some(Param::Count(count)) => spoken.push_str(&format.count(*count)),
            Some(Param::At(at)) => spoken.push_str(&format.at(*at)),
            Some(Param::Span(span)) => spoken.push_str(&format.span(*span)),
            None => spoken.push_str(&rest[open..=open + length]),
        }
        rest = &rest[open + length + 1..];
    }
    spoken.push_str(rest);
    spoken
}

/// A text may be a word of its own, spoken in the reader's language: `state` = `ready`, `what` = `loss.time_cut`.
fn word(lang: Lang, place: &str, text_of_place: &str) -> Option<&'static str> {
    text(lang, &format!("{place}.{text_of_place}")).or_else(|| text(lang, text_of_place))
}

/// Plain numbers, and times in UTC: for the English `detail` of a problem and for logs.
#[derive(Debug, Clone, Copy)]
pub struct Plain;

impl Format for Plain {
    fn count(&self, count: u64) -> String {
        count.to_string()
    }

    fn at(&self, at: Millis) -> String {
        let minutes = at.0.div_euclid(60_000).rem_euclid(24 * 60);
        format!("{:02}:{:02} UTC", minutes / 60, minutes % 60)
    }

    fn span(&self, span: i64) -> String {
        match span / 1_000 {
            seconds @ ..60 => format!("{seconds} s"),
            seconds @ 60..3_600 => format!("{} min", seconds / 60),
            seconds => format!("{} h", seconds / 3_600),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::problem::Code;
    use domain::cause::CauseCode;
    use domain::source::finding::{Finding, FindingCode};

    fn places(text: &str) -> Vec<String> {
        let mut places: Vec<_> = text
            .split('{')
            .skip(1)
            .filter_map(|rest| rest.split_once('}'))
            .map(|(place, _)| place.to_owned())
            .collect();
        places.sort();
        places.dedup();
        places
    }

    #[test]
    fn both_languages_have_every_key_and_every_place() {
        let (en, zh) = (words(Lang::En), words(Lang::Zh));
        let keys = |words: &Words| {
            words.iter().map(|(key, _)| *key).filter(|key| key.strip_suffix(".one").is_none()).collect::<Vec<_>>()
        };
        assert_eq!(keys(en), keys(zh));
        for key in keys(en) {
            let places = |lang| text(lang, key).map(places);
            assert_eq!(places(Lang::En), places(Lang::Zh), "{key}");
        }
    }

    #[test]
    fn every_problem_cause_and_finding_has_its_sentences() {
        for lang in [Lang::En, Lang::Zh] {
            for code in Code::ALL {
                assert!(text(lang, &format!("problem.{}", code.word())).is_some(), "{lang:?} {code:?}");
            }
            for code in domain::check::Code::ALL {
                for key in ["check.{}", "check.{}.more", "check.{}.table", "look.{}"] {
                    let key = key.replace("{}", code.word());
                    assert!(text(lang, &key).is_some(), "{lang:?} {key}");
                }
            }
            for code in domain::args::finding::Code::OWN {
                let finding = domain::args::finding::Finding::new(*code);
                for said in [&finding.said, &finding.next()] {
                    assert!(text(lang, &said.key).is_some(), "{lang:?} {}", said.key);
                }
            }
            for code in CauseCode::ALL {
                for key in ["cause.{}", "cause.{}.again", "next.{}"] {
                    let key = key.replace("{}", code.word());
                    assert!(text(lang, &key).is_some(), "{lang:?} {key}");
                }
            }
            for code in FindingCode::ALL {
                let finding = Finding::new(*code);
                assert!(text(lang, &finding.said.key).is_some(), "{lang:?} {code:?}");
                assert!(finding.fix().is_none_or(|fix| text(lang, &fix.key).is_some()), "{lang:?} {code:?}");
            }
        }
    }

    #[test]
    fn no_engine_word_reaches_people() {
        for lang in [Lang::En, Lang::Zh] {
            for (key, text) in words(lang) {
                for word in ["CDC", "binlog", "savepoint", "checkpoint", "snapshot", "sink", "RUNNING", "SLA", "please"]
                {
                    assert!(!text.contains(word), "{key}: {text}");
                }
            }
        }
    }

    #[test]
    fn one_table_is_spoken_of_as_one() {
        let said = |n| Said::new("event.submitted").text("who", "Ana").count("n", n);
        assert_eq!(speak(Lang::En, &said(1), &Plain), "Ana asked for 1 table");
        assert_eq!(speak(Lang::En, &said(3), &Plain), "Ana asked for 3 tables");
        assert_eq!(speak(Lang::Zh, &said(3), &Plain), "Ana申请了3张表");
    }

    #[test]
    fn a_word_inside_a_sentence_is_spoken_in_its_language() {
        let said = Said::new("refused.state").text("state", "ready").at("at", Millis(0));
        assert_eq!(speak(Lang::En, &said, &Plain), "It is ready since 00:00 UTC: nothing to do.");
        assert!(speak(Lang::Zh, &said, &Plain).contains("可用"));
        let loss = Said::new("look.type_lost").text("column", "c").text("what", "loss.time_cut");
        assert_eq!(speak(Lang::Zh, &loss, &Plain), "c：毫秒以下会被截断");
    }

    #[test]
    fn a_place_without_a_value_stays_visible() {
        assert_eq!(speak(Lang::En, &Said::new("no.such.key"), &Plain), "no.such.key");
        assert!(speak(Lang::En, &Said::new("event.submitted"), &Plain).contains("{who}"));
    }
}
