//! Fresh rows: announced by a line, never inserted while somebody reads.

use super::button::Button;
use super::icon::Icon;
use crate::html::{AnyView, IntoAny, view};
use crate::react::{RwSignal, StoredValue};
use crate::words::{Lang, say_n};

/// Which rows are shown, in the order in which they were shown before, and how many are kept back: what is new and would
/// push others down. What is new at the end comes to the end. Pure.
fn in_shown_order(shown: &[String], now: &[String]) -> (Vec<usize>, u64) {
    let known = |key: &String| shown.contains(key);
    let last = now.iter().rposition(known);
    let mut order: Vec<usize> = shown.iter().filter_map(|key| now.iter().position(|each| each == key)).collect();
    let mut kept_back = 0;
    for (at, _) in now.iter().enumerate().filter(|(_, key)| !known(key)) {
        if last.is_some_and(|last| at < last) {
            kept_back += 1;
        } else {
            order.push(at);
        }
    }
    (order, kept_back)
}

/// Remembers which rows are shown; a handle to copy.
#[derive(Clone, Copy)]
pub struct Fresh {
    shown: StoredValue<Vec<String>>,
    again: RwSignal<u32>,
}

impl Fresh {
    /// Nothing was shown yet.
    pub fn new() -> Self {
        Self { shown: StoredValue::new(Vec::new()), again: RwSignal::new(0) }
    }

    /// Another list: all of it is shown.
    pub fn forget(self) {
        self.shown.set_value(Vec::new());
    }

    /// The rows to show now, and the line that announces the others.
    pub fn rows<T>(self, lang: Lang, rows: &[T], key: fn(&T) -> String) -> (Vec<&T>, Option<AnyView>) {
        self.again.track();
        let keys: Vec<String> = rows.iter().map(key).collect();
        let (order, kept_back) = self.shown.with_value(|shown| in_shown_order(shown, &keys));
        let rows: Vec<&T> = order.into_iter().map(|at| &rows[at]).collect();
        self.shown.set_value(rows.iter().map(|row| key(row)).collect());
        (rows, (kept_back > 0).then(|| self.line(lang, kept_back)))
    }

    fn line(self, lang: Lang, n: u64) -> AnyView {
        let show = move || {
            self.forget();
            self.again.update(|again| *again += 1);
        };
        let button = Button::new(say_n!(lang, n, list.fresh, list.fresh_one)).class("btn is-sm").icon(Icon::Retry);
        view! { <p class="mb-3" role="status">{button.on(show)}</p> }.into_any()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(before: &[&str], now: &[&'static str]) -> (Vec<&'static str>, u64) {
        let owned = |keys: &[&str]| keys.iter().map(|&key| key.to_owned()).collect::<Vec<String>>();
        let (order, kept_back) = in_shown_order(&owned(before), &owned(now));
        (order.into_iter().map(|at| now[at]).collect(), kept_back)
    }

    #[test]
    fn the_first_time_all_is_shown() {
        assert_eq!(shown(&[], &["a", "b"]), (vec!["a", "b"], 0));
    }

    #[test]
    fn what_would_push_others_down_is_kept_back() {
        assert_eq!(shown(&["a", "b"], &["new", "a", "newer", "b"]), (vec!["a", "b"], 2));
    }

    #[test]
    fn more_of_the_list_comes_to_its_end() {
        assert_eq!(shown(&["a", "b"], &["a", "b", "c"]), (vec!["a", "b", "c"], 0));
    }

    #[test]
    fn what_is_gone_goes_and_the_others_keep_their_order() {
        assert_eq!(shown(&["a", "b", "c"], &["c", "a"]), (vec!["a", "c"], 0));
    }
}
