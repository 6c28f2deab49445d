//! A draft while somebody writes it: what stands here, what the server has, and the way from one to the other.
//!
//! Saved by itself, a moment after the last key. Who comes second with the same version is asked which one stays:
//! nothing of either is lost.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use api::domain::draft::Contents;
use api::domain::ids::DraftId;
use api::domain::request::AskedTable;
use api::drafts::{DraftView, Save};
use api::problem::Code;
use leptos::prelude::*;

use super::model::{Msg, tables_now, update, wrong_with};
use crate::api::{self as calls, Trouble};
use crate::react::{Memo, RwSignal, StoredValue, spawn};
use crate::ui::problem::field_said;
use crate::words::{Lang, shared};

/// The pause after the last key.
const PAUSE: Duration = Duration::from_millis(400);

/// A draft that is being written; a handle to copy.
#[derive(Clone, Copy)]
pub struct Writing {
    /// As the server has it.
    pub saved: RwSignal<Arc<DraftView>>,
    /// As it stands here.
    pub contents: RwSignal<Contents>,
    /// Its tables of now.
    pub tables: Memo<Arc<BTreeSet<AskedTable>>>,
    /// Whether somebody tried to sign it: only then the fields complain.
    pub tried: RwSignal<bool>,
    /// What the server said to the last try to save or to sign it.
    pub trouble: RwSignal<Option<Trouble>>,
    /// Whether it is being signed or split.
    pub busy: RwSignal<bool>,
    saving: RwSignal<bool>,
    waiting: StoredValue<Option<TimeoutHandle>>,
    then: leptos::prelude::StoredValue<Vec<Then>, LocalStorage>,
}

/// What is done once everything is saved.
type Then = Box<dyn FnOnce(i64)>;

impl Writing {
    /// A draft as it was read.
    pub fn of(view: Arc<DraftView>) -> Self {
        let contents = RwSignal::new(view.contents.clone());
        let saved = RwSignal::new(view);
        let tables =
            Memo::new(move |_| Arc::new(contents.with(|contents| saved.with(|saved| tables_now(contents, saved)))));
        let writing = Self {
            saved,
            contents,
            tables,
            tried: RwSignal::new(false),
            trouble: RwSignal::new(None),
            busy: RwSignal::new(false),
            saving: RwSignal::new(false),
            waiting: StoredValue::new(None),
            then: leptos::prelude::StoredValue::new_local(Vec::new()),
        };
        on_cleanup(move || writing.leave());
        writing
    }

    /// Its id.
    pub fn id(self) -> DraftId {
        self.saved.with_untracked(|saved| saved.id.clone())
    }

    /// How many tables it has.
    pub fn n(self) -> u64 {
        self.tables.with(|tables| tables.len() as u64)
    }

    /// Whether everything that stands here is at the server.
    pub fn is_saved(self) -> bool {
        self.contents.with(|contents| self.saved.with(|saved| saved.contents == *contents))
    }

    /// Does something to it, and saves it at once.
    pub fn tell(self, msg: Msg) {
        self.put(msg);
        self.save_after(Duration::ZERO);
    }

    /// Types something, and saves it after a pause.
    pub fn typed(self, msg: Msg) {
        self.put(msg);
        self.save_after(PAUSE);
    }

    fn put(self, msg: Msg) {
        let all = self.saved.get_untracked();
        self.contents.update(|contents| *contents = update(std::mem::take(contents), msg, &all.tables));
    }

    fn save_after(self, pause: Duration) {
        if let Some(before) = self.waiting.get_value() {
            before.clear();
        }
        self.waiting.set_value(set_timeout_with_handle(move || self.round(), pause).ok());
    }

    /// Does something once all that stands here is at the server, with its version there. When it cannot be saved, it
    /// is not done, and the page says why.
    pub fn when_saved(self, then: impl FnOnce(i64) + 'static) {
        let then: Then = Box::new(then);
        self.then.update_value(|waiting| waiting.push(then));
        self.round();
    }

    /// Saves, unless that is being done: it goes on until nothing is left.
    fn round(self) {
        if self.saving.try_get_untracked() != Some(false) {
            return;
        }
        self.saving.set(true);
        spawn(async move {
            let version = self.saved_all().await;
            self.saving.try_set(false);
            let then = self.then.try_update_value(std::mem::take).unwrap_or_default();
            if let Some(version) = version {
                for then in then {
                    then(version);
                }
            }
        });
    }

    /// The version at the server once nothing is left to save; `None` when it could not be saved.
    async fn saved_all(self) -> Option<i64> {
        loop {
            let (contents, saved) = (self.contents.try_get_untracked()?, self.saved.try_get_untracked()?);
            if contents == saved.contents {
                return Some(saved.version);
            }
            match calls::save_draft(&saved.id, &Save { version: saved.version, contents }).await {
                Ok(view) => {
                    self.saved.try_set(Arc::new(view));
                    self.trouble.try_set(None);
                }
                Err(trouble) => {
                    self.trouble.try_set(Some(trouble));
                    return None;
                }
            }
        }
    }

    /// The page is left: what was typed last is still sent.
    fn leave(self) {
        let (contents, saved) = (self.contents.get_untracked(), self.saved.get_untracked());
        if contents != saved.contents && self.trouble.with_untracked(Option::is_none) {
            spawn(async move {
                let save = Save { version: saved.version, contents };
                drop(calls::save_draft(&saved.id, &save).await);
            });
        }
    }

    /// The server changed it.
    pub fn took(self, view: DraftView) {
        self.contents.try_set(view.contents.clone());
        self.saved.try_set(Arc::new(view));
    }

    /// Whether another tab was faster.
    pub fn moved(self) -> bool {
        self.trouble.with(|trouble| trouble.as_ref().and_then(Trouble::code) == Some(Code::Faster))
    }

    /// Takes what the other tab wrote; `keep` writes what stands here over it.
    pub fn settle(self, keep: bool) {
        let id = self.id();
        spawn(async move {
            match calls::draft(&id).await {
                Ok(view) => {
                    if !keep {
                        self.contents.try_set(view.contents.clone());
                    }
                    self.saved.try_set(Arc::new(view));
                    self.trouble.try_set(None);
                    self.round();
                }
                Err(trouble) => {
                    self.trouble.try_set(Some(trouble));
                }
            }
        });
    }

    /// What is wrong with a field, in words: what the rules say, else what the server said.
    pub fn problem_of(self, lang: Lang, field: &'static str) -> Option<String> {
        let n = usize::try_from(self.n()).unwrap_or(usize::MAX);
        let ours = self.contents.with(|contents| wrong_with(contents, n, field)).filter(|_| self.tried.get());
        match ours {
            Some(code) => Some(shared(lang, &format!("field.{code}")).unwrap_or(code).to_owned()),
            None => self.trouble.get().and_then(|trouble| field_said(lang, &trouble, field)),
        }
    }
}
