//! State: how far an item is. Round and filled, always icon + word + colour.

use api::domain::tally::Part;
use api::requests::ItemRow;

use super::icon::{Icon, icon};
use super::stamp;
use crate::html::{AnyView, IntoAny, view};
use crate::words::{Lang, say};

/// One of the nine words people see, or a decision that ended it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Look {
    /// Waits.
    Waiting,
    /// Being copied.
    Copying,
    /// Being verified.
    Verifying,
    /// Proven.
    Ready,
    /// Older than promised.
    Late,
    /// Needs a person.
    Failed,
    /// Held.
    Paused,
    /// Left out.
    Retired,
    /// Not looked at within two rounds.
    Unknown,
    /// Left out by a decision.
    Dropped,
    /// Back with the requester.
    SentBack,
    /// Refused.
    Rejected,
    /// Taken away.
    Withdrawn,
}

impl Look {
    /// How the word of a state looks. A word of a newer server is not known yet.
    pub fn of(word: &str) -> Self {
        match word {
            "submitted" | "approved" | "placed" | "starting" => Self::Waiting,
            "copying" => Self::Copying,
            "verifying" => Self::Verifying,
            "ready" => Self::Ready,
            "late" => Self::Late,
            "failed" => Self::Failed,
            "paused" => Self::Paused,
            "retired" => Self::Retired,
            "dropped" => Self::Dropped,
            "sent_back" => Self::SentBack,
            "rejected" => Self::Rejected,
            "withdrawn" => Self::Withdrawn,
            _ => Self::Unknown,
        }
    }

    /// Whether it is a decision: those are stamps, never pills.
    pub const fn is_decision(self) -> bool {
        matches!(self, Self::Dropped | Self::SentBack | Self::Rejected | Self::Withdrawn)
    }

    /// The class that sets its colours.
    pub const fn class(self) -> &'static str {
        match self {
            Self::Waiting => "is-waiting",
            Self::Copying => "is-copying",
            Self::Verifying => "is-verifying",
            Self::Ready => "is-ready",
            Self::Late | Self::SentBack => "is-late",
            Self::Failed | Self::Rejected => "is-failed",
            Self::Paused => "is-paused",
            Self::Retired | Self::Dropped | Self::Withdrawn => "is-retired",
            Self::Unknown => "is-unknown",
        }
    }

    /// Its icon.
    pub const fn icon(self) -> Icon {
        match self {
            Self::Waiting => Icon::Waiting,
            Self::Copying => Icon::Copying,
            Self::Verifying => Icon::Verifying,
            Self::Ready => Icon::Ready,
            Self::Late => Icon::Late,
            Self::Failed => Icon::Failed,
            Self::Paused => Icon::Paused,
            Self::Retired => Icon::Retired,
            Self::Unknown => Icon::Unknown,
            Self::Dropped | Self::Rejected => Icon::Rejected,
            Self::SentBack | Self::Withdrawn => Icon::SentBack,
        }
    }

    /// Its word.
    pub fn word(self, lang: Lang) -> &'static str {
        match self {
            Self::Waiting => say!(lang, state.waiting),
            Self::Copying => say!(lang, state.copying),
            Self::Verifying => say!(lang, state.verifying),
            Self::Ready => say!(lang, state.ready),
            Self::Late => say!(lang, state.late),
            Self::Failed => say!(lang, state.failed),
            Self::Paused => say!(lang, state.paused),
            Self::Retired => say!(lang, state.retired),
            Self::Unknown => say!(lang, state.unknown),
            Self::Dropped => say!(lang, state.dropped),
            Self::SentBack => say!(lang, state.sent_back),
            Self::Rejected => say!(lang, state.rejected),
            Self::Withdrawn => say!(lang, state.withdrawn),
        }
    }
}

/// The pill of a state, or the stamp of a decision.
pub fn pill(lang: Lang, look: Look) -> AnyView {
    pill_saying(look, look.word(lang).to_owned(), false)
}

/// The pill of an item: while it is copied with its percent. `still` stops the spinning in long lists.
pub fn item_pill(lang: Lang, item: &ItemRow, still: bool) -> AnyView {
    let look = Look::of(&item.state);
    let percent = item.progress.and_then(|progress| progress.percent());
    let word = match (look, percent) {
        (Look::Copying, Some(percent)) => say!(lang, state.copying_percent, n = percent),
        _ => look.word(lang).to_owned(),
    };
    pill_saying(look, word, still)
}

/// A pill with words of one's own, as "Ready 3 of 3".
pub fn pill_saying(look: Look, word: String, still: bool) -> AnyView {
    if look.is_decision() {
        return stamp::mark(look.class(), look.icon(), word);
    }
    let class = format!("state {}{}", look.class(), if still { " is-still" } else { "" });
    view! { <span class=class>{icon(look.icon())}{word}</span> }.into_any()
}

/// The class of a part of the sum.
pub const fn part_class(part: Part) -> &'static str {
    match part {
        Part::Failed => "is-failed",
        Part::Running => "is-running",
        Part::Waiting => "is-waiting",
        Part::Ready => "is-ready",
        Part::Ended => "is-ended",
    }
}

/// The word of a part, as the address spells it.
pub const fn part_word(part: Part) -> &'static str {
    match part {
        Part::Failed => "failed",
        Part::Running => "running",
        Part::Waiting => "waiting",
        Part::Ready => "ready",
        Part::Ended => "ended",
    }
}

/// A part as people read it.
pub fn part_said(lang: Lang, part: Part) -> &'static str {
    match part {
        Part::Failed => say!(lang, part.failed),
        Part::Running => say!(lang, part.running),
        Part::Waiting => say!(lang, part.waiting),
        Part::Ready => say!(lang, part.ready),
        Part::Ended => say!(lang, part.ended),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_decision_never_looks_like_a_proof() {
        for word in ["dropped", "sent_back", "rejected", "withdrawn"] {
            assert!(Look::of(word).is_decision(), "{word}");
        }
        for word in ["submitted", "approved", "placed", "starting", "copying", "ready", "late", "retired"] {
            assert!(!Look::of(word).is_decision(), "{word}");
        }
    }

    #[test]
    fn a_word_nobody_knows_is_not_known_yet_and_never_green() {
        assert_eq!(Look::of("unknown"), Look::Unknown);
        assert_eq!(Look::of("a newer word"), Look::Unknown);
    }
}
