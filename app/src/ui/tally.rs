//! Tally: requested = ready + running + failed + waiting + ended, at every instant. Each part is a filter.

use leptos::prelude::*;

use crate::format::count;
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

/// Where each part of the bar begins and how wide it is, in percent. A part above 0 gets at least 0.8 %.
pub fn bars(parts: &[u64]) -> Vec<(f64, f64)> {
    const LEAST: f64 = 0.8;
    #[expect(clippy::cast_precision_loss, reason = "a bar needs no more than a float holds")]
    let shares: Vec<f64> = parts.iter().map(|n| *n as f64).collect();
    let total: f64 = shares.iter().sum();
    if total <= 0.0 {
        return vec![(0.0, 0.0); parts.len()];
    }
    let wide: Vec<f64> = shares.iter().map(|n| if *n > 0.0 { (n / total * 100.0).max(LEAST) } else { 0.0 }).collect();
    let scale = 100.0 / wide.iter().sum::<f64>();
    let mut from = 0.0;
    wide.iter()
        .map(|width| {
            let bar = (from, width * scale);
            from += bar.1;
            bar
        })
        .collect()
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
            let (x, width) = (format!("{from:.3}%"), format!("{width:.3}%"));
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
        assert!(bars[2].1 >= 0.79, "{bars:?}");
        assert!(bars[1].1.abs() < f64::EPSILON);
        let end = bars[2].0 + bars[2].1;
        assert!((end - 100.0).abs() < 1e-9, "{end}");
        assert_eq!(super::bars(&[0, 0]), [(0.0, 0.0), (0.0, 0.0)]);
    }

    #[test]
    fn the_sum_in_words_leaves_nothing_of_it_out() {
        let part = |word, n| Portion { class: "is-ready", key: "ready", word, n };
        assert_eq!(sum_in_words(&[part("ready", 1_180), part("failed", 0), part("ended", 6)]), "1,180 ready, 6 ended");
    }
}
