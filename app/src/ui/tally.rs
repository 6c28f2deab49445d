//! Tally: requested = ready + running + failed + waiting + ended, at every instant. Each part is a filter.

use crate::format::count;
use crate::html::{AnyView, IntoAny, view};
use crate::words::Lang;

/// One part of a sum.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Portion {
    /// The class that sets its colour.
    pub class: &'static str,
    /// How the address names it.
    pub key: &'static str,
    /// How people read it.
    pub word: &'static str,
    /// How many.
    pub n: u64,
}

impl Portion {
    /// Hatched ones recede: ended, and what is not known yet.
    fn hatched(&self) -> bool {
        matches!(self.class, "is-ended" | "is-unknown")
    }
}

/// The sum in words, for those who do not see the bar.
pub fn sum_in_words(parts: &[Portion]) -> String {
    let parts: Vec<_> =
        parts.iter().filter(|part| part.n > 0).map(|part| format!("{} {}", count(part.n), part.word)).collect();
    parts.join(", ")
}

/// Where each part of the bar begins and how wide it is, in thousandths of a percent. A part above 0 gets at least 0.8 %.
pub fn bars(parts: &[u64]) -> Vec<(u64, u64)> {
    const FULL: u64 = 100_000;
    const LEAST: u64 = 800;
    let total: u64 = parts.iter().sum();
    let share = |n: &u64| match n {
        0 => 0,
        n => (n.saturating_mul(FULL) / total).max(LEAST),
    };
    let shares: Vec<u64> = parts.iter().map(share).collect();
    let sum = shares.iter().sum::<u64>().max(1);
    let mut seen = 0;
    let edge = |seen: u64| seen * FULL / sum;
    shares
        .iter()
        .map(|share| {
            let from = edge(seen);
            seen += share;
            (from, edge(seen) - from)
        })
        .collect()
}

fn percent(thousandths: u64) -> String {
    format!("{}.{:03}%", thousandths / 1_000, thousandths % 1_000)
}

/// The bar of a sum. `thin` is for rows of a list.
pub fn bar(parts: &[Portion], thin: bool) -> AnyView {
    let shown: Vec<_> = parts.iter().filter(|part| part.n > 0).cloned().collect();
    let places = bars(&shown.iter().map(|part| part.n).collect::<Vec<_>>());
    let segments: Vec<_> = shown
        .iter()
        .zip(places)
        .enumerate()
        .map(|(place, (part, (from, width)))| {
            let (x, width) = (percent(from), percent(width));
            let fill = part.hatched().then_some("url(#hatch)");
            let gap = (place > 0).then(|| view! { <rect class="seg-gap" x=x.clone() width="2" height="100%"></rect> });
            view! {
                <rect class=format!("seg {}", part.class) x=x width=width height="100%" fill=fill></rect>
                {gap}
            }
        })
        .collect();
    let class = if thin { "tally-bar is-thin" } else { "tally-bar" };
    view! {
        <svg class=class role="img" aria-label=sum_in_words(parts)>{segments}</svg>
    }
    .into_any()
}

/// The sum written out. A part that is `chosen` filters; a click on it is told to `choose`.
pub fn sum(
    parts: &[Portion],
    total: &str,
    chosen: &str,
    choose: impl Fn(&'static str) + Clone + Send + 'static,
) -> AnyView {
    let all: u64 = parts.iter().map(|part| part.n).sum();
    let buttons: Vec<_> = parts
        .iter()
        .enumerate()
        .map(|(place, part)| {
            let (choose, key) = (choose.clone(), part.key);
            let pressed = (key == chosen).to_string();
            let swatch = format!("swatch {}", part.class);
            view! {
                {(place > 0).then(|| view! { <span class="tally-op" aria-hidden="true">"+"</span> })}
                <button type="button" class="tally-part" aria-pressed=pressed on:click=move |_| choose(key)>
                    <span class=swatch></span>
                    <span><b>{count(part.n)}</b>" "{part.word}</span>
                </button>
            }
        })
        .collect();
    let total = total.to_owned();
    view! {
        <div class="tally-sum">
            {buttons}
            <span class="tally-op" aria-hidden="true">"="</span>
            <span class="tally-part"><span><b>{count(all)}</b>" "{total}</span></span>
        </div>
    }
    .into_any()
}

/// The five parts of a request's sum.
pub fn portions(lang: Lang, tally: &api::domain::tally::Tally) -> Vec<Portion> {
    use super::state::{part_class, part_said, part_word};
    use api::domain::tally::Part;
    [Part::Ready, Part::Running, Part::Failed, Part::Waiting, Part::Ended]
        .into_iter()
        .map(|part| Portion {
            class: part_class(part),
            key: part_word(part),
            word: part_said(lang, part),
            n: tally.part(part),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_smallest_part_is_seen_and_the_bar_is_full() {
        let bars = bars(&[4_331, 0, 1]);
        assert!(bars[2].1 >= 790, "{bars:?}");
        assert_eq!((bars[1].1, bars[2].0 + bars[2].1), (0, 100_000));
        assert_eq!(super::bars(&[0, 0]), [(0, 0), (0, 0)]);
        assert_eq!(percent(8_050), "8.050%");
    }

    #[test]
    fn the_sum_in_words_leaves_nothing_of_it_out() {
        let part = |word, n| Portion { class: "is-ready", key: "ready", word, n };
        assert_eq!(sum_in_words(&[part("ready", 1_180), part("failed", 0), part("ended", 6)]), "1,180 ready, 6 ended");
    }
}
