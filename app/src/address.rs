//! What stands in the address: filters, tabs, an open drawer. Back always works, a copied address shows the same.
//!
//! Invariant: state that a colleague should see by a copied address lives nowhere else.

use crate::react::{Memo, Signal};
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_location, use_navigate};

/// A parameter of the address.
#[derive(Clone, Copy)]
pub struct Param {
    value: Memo<String>,
    change: Callback<(String, bool)>,
}

impl Param {
    /// The parameter of that name.
    pub fn new(name: &'static str) -> Self {
        let location = use_location();
        let (pathname, query) = (location.pathname, location.query);
        let value = Memo::new(move |_| query.with(|query| query.get_str(name).unwrap_or_default().to_owned()));
        let go = use_navigate();
        let change = Callback::new(move |(value, replace): (String, bool)| {
            let to = with_param(
                &pathname.get_untracked(),
                &query.get_untracked().into_iter().map(|(name, value)| (name.into_owned(), value)).collect::<Vec<_>>(),
                name,
                &value,
            );
            go(&to, NavigateOptions { replace, scroll: false, ..Default::default() });
        });
        Self { value, change }
    }

    /// Its value; empty when it is not there.
    pub fn get(self) -> String {
        self.value.get()
    }

    /// Its value, for an answer to a click.
    pub fn get_now(self) -> String {
        self.value.get_untracked()
    }

    /// Its value as a signal.
    pub fn signal(self) -> Signal<String> {
        self.value.into()
    }

    /// Gives it another value; Back leads to the one before. Empty takes it away.
    pub fn set(self, value: impl Into<String>) {
        self.change.run((value.into(), false));
    }

    /// Gives it another value without a step for Back: for what is typed.
    pub fn replace(self, value: impl Into<String>) {
        self.change.run((value.into(), true));
    }

    /// Takes the value, or takes it away if it is there already.
    pub fn toggle(self, value: &str) {
        let next = if self.get_now() == value { "" } else { value };
        self.set(next);
    }
}

/// Leads to another page.
pub fn go_to() -> impl Fn(String) + Clone + Send + Sync {
    let go = use_navigate();
    move |to: String| go(&to, NavigateOptions::default())
}

/// The address with one parameter changed, the others kept.
fn with_param(path: &str, params: &[(String, String)], name: &str, value: &str) -> String {
    let mut query = String::new();
    let others =
        params.iter().filter(|(other, _)| other != name).map(|(other, value)| (other.as_str(), value.as_str()));
    for (name, value) in others.chain(std::iter::once((name, value))).filter(|(_, value)| !value.is_empty()) {
        query.push(if query.is_empty() { '?' } else { '&' });
        query.push_str(name);
        query.push('=');
        query.push_str(&api::paths::encode(value));
    }
    format!("{path}{query}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_parameter_changes_and_the_others_stay() {
        let params = [("q".to_owned(), "门店".to_owned()), ("part".to_owned(), "late".to_owned())];
        assert_eq!(with_param("/lake", &params, "part", ""), "/lake?q=%E9%97%A8%E5%BA%97");
        assert_eq!(with_param("/lake", &[], "part", "failed"), "/lake?part=failed");
        assert_eq!(with_param("/lake", &params[1..], "part", "failed"), "/lake?part=failed");
    }
}
