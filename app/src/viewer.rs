//! Who is looking, and what they may do.
//!
//! Invariant: says only what the server said; every right is checked again there.

use api::domain::change::Topic;
use api::me::Me;
use leptos::prelude::*;

use crate::api as calls;
use crate::live::live;
use crate::react::{RwSignal, effect};
use crate::ui::loaded::Feed;

/// Who is signed in, kept fresh by the bells of requests and people.
#[derive(Clone, Copy)]
pub struct Viewer {
    me: RwSignal<Me>,
}

impl Viewer {
    /// Somebody who just signed in.
    pub fn new(me: Me) -> Self {
        Self { me: RwSignal::new(me) }
    }

    /// Follows the server from now on: counts in the nav change with requests and decisions.
    pub fn follow(self) {
        let again = Feed::new(move || {
            live().track(Topic::Request);
            live().track(Topic::Person);
            calls::me()
        });
        effect(move || {
            if let Some(Ok(read)) = again.get()
                && self.me.with_untracked(|me| *me != read.thing)
            {
                self.me.set(read.thing.clone());
            }
        });
    }

    /// Everything known.
    pub fn me(self) -> Me {
        self.me.get()
    }

    /// Everything known, for an answer to a click.
    pub fn me_now(self) -> Me {
        self.me.get_untracked()
    }
}

/// Whether a person decides about anything at all.
pub fn decides(me: &Me) -> bool {
    me.operator || !me.owns.is_empty()
}

/// The name others see, but "you" for oneself is the view's business: whether this name is the reader's.
pub fn is_me(me: &Me, name: &str) -> bool {
    me.person.name == name
}

/// Who is signed in, from the context that the shell provides.
pub fn viewer() -> Viewer {
    expect_context()
}

#[cfg(test)]
mod tests {
    use super::*;
    use api::me::PersonView;

    #[test]
    fn owners_and_operators_decide_others_do_not() {
        let person = PersonView { id: "p1".parse().expect("an id"), name: "Ana".into(), team: String::new() };
        let me = Me {
            person,
            login: "ana".into(),
            operator: false,
            owns: vec![],
            inbox: 0,
            on_the_way: 0,
            version: String::new(),
            demo: false,
        };
        assert!(!decides(&me));
        assert!(decides(&Me { operator: true, ..me.clone() }));
        assert!(decides(&Me { owns: vec!["s1".parse().expect("an id")], ..me }));
    }
}
