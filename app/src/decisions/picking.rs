//! Several requests at once: which are selected, what they sum up to, and what became of each.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use api::Page;
use api::domain::ids::RequestId;
use api::domain::said::Said;
use api::inbox::{Batched, InboxRow};
use leptos::prelude::*;

use super::model::{pick_range, sum};
use crate::address::go_to;
use crate::api as calls;
use crate::format::count;
use crate::html::{AnyView, IntoAny, view};
use crate::react::{RwSignal, StoredValue, spawn};
use crate::route::Route;
use crate::shell::{Key, on_key};
use crate::ui::button::Button;
use crate::ui::grid::{tick, tick_all};
use crate::ui::icon::Icon;
use crate::ui::loaded::Shown;
use crate::ui::problem::trouble_said;
use crate::ui::toast::{Toast, Toasts, toasts};
use crate::words::{Lang, Reader, reader, say, say_n, speak};

/// How long an approval can be taken back from the toast.
const BACK: Duration = Duration::from_secs(30);

/// What is selected; a handle to copy.
#[derive(Clone, Copy)]
pub struct Picking {
    page: Shown<Page<InboxRow>>,
    picked: RwSignal<BTreeSet<RequestId>>,
    /// Where a range begins.
    last: StoredValue<Option<RequestId>>,
    /// Why requests were not approved with the others.
    refused: RwSignal<BTreeMap<RequestId, Said>>,
    busy: RwSignal<bool>,
    toasts: Toasts,
    reader: Reader,
}

impl Picking {
    /// Nothing is selected.
    pub fn new(page: Shown<Page<InboxRow>>) -> Self {
        Self {
            page,
            picked: RwSignal::new(BTreeSet::new()),
            last: StoredValue::new(None),
            refused: RwSignal::new(BTreeMap::new()),
            busy: RwSignal::new(false),
            toasts: toasts(),
            reader: reader(),
        }
    }

    fn toggle(self, id: &RequestId) {
        self.picked.update(|picked| {
            if !picked.remove(id) {
                picked.insert(id.clone());
            }
        });
        self.last.set_value(Some(id.clone()));
    }

    /// The tick of a row; a row that must be opened has a closed one.
    pub fn tick(self, lang: Lang, row: &InboxRow) -> AnyView {
        let (id, label) = (row.row.id.clone(), say!(lang, inbox.select, number = row.row.number));
        let on = self.picked.with(|picked| picked.contains(&id));
        tick(label, on, row.alone.is_some(), move || self.toggle(&id))
    }

    /// Why a row is not let in with others, or was not.
    pub fn why_not(self, lang: Lang, row: &InboxRow) -> Option<AnyView> {
        let refused = self.refused.with(|refused| refused.get(&row.row.id).map(|said| speak(lang, said)));
        let words = refused.or_else(|| row.alone.as_ref().map(|said| speak(lang, said)))?;
        Some(view! { <p class="small warn">{words}</p> }.into_any())
    }

    /// How many are selected, and all at once.
    pub fn tools(self, lang: Lang) -> Option<AnyView> {
        let page = self.page.get();
        let mut can = BTreeSet::new();
        can.extend(page.rows.iter().filter(|row| row.alone.is_none()).map(|row| row.row.id.clone()));
        if can.len() < 2 {
            return None;
        }
        let n = self.picked.with(|picked| can.iter().filter(|id| picked.contains(*id)).count());
        let words = say!(lang, inbox.selected, n = count(n as u64), of = count(page.rows.len() as u64));
        let all = n == can.len();
        let press = move || self.picked.set(if all { BTreeSet::new() } else { can.clone() });
        let tick = tick_all(say!(lang, inbox.select_all).to_owned(), n > 0, all, press);
        Some(view! { <div class="tools"><span class="tick">{tick}<span>{words}</span></span></div> }.into_any())
    }

    /// The bar: the sum, whether any of it is personal, and the act.
    pub fn bar(self, lang: Lang) -> Option<AnyView> {
        let page = self.page.get();
        let sum = self.picked.with(|picked| sum(&page.rows, picked));
        if sum.requests == 0 {
            return None;
        }
        let requests = say_n!(lang, sum.requests, inbox.requests, inbox.requests_one);
        let tables = say_n!(lang, sum.tables, n_tables, n_tables_one);
        let personal = match sum.personal {
            0 => say!(lang, inbox.no_personal).to_owned(),
            n => say!(lang, inbox.personal, n = count(n)),
        };
        let label = say_n!(lang, sum.requests, inbox.approve_all, inbox.approve_one);
        let approve =
            Button::new(label).class("btn is-sm is-primary").icon(Icon::Stamp).key("A").busy(self.busy.into());
        let clear = Button::new(say!(lang, selection.clear)).class("btn is-sm").key("Esc");
        Some(
            view! {
                <div class="selbar" role="region" aria-label=say!(lang, selection.label)>
                    <span><b>{say!(lang, pair, one = requests, two = tables)}</b>" "<span class="muted">{personal}</span></span>
                    {approve.on(move || self.approve())}
                    {clear.on(move || self.picked.set(BTreeSet::new()))}
                </div>
            }
            .into_any(),
        )
    }

    /// Approves all that are selected; what became of each stands in its row.
    fn approve(self) {
        let picked: Vec<RequestId> = self.picked.get_untracked().into_iter().collect();
        if picked.is_empty() || self.busy.get_untracked() {
            return;
        }
        self.busy.set(true);
        spawn(async move {
            let answer = calls::batch(picked).await;
            self.busy.try_set(false);
            let lang = self.reader.lang_now();
            match answer {
                Ok(batched) => self.told(lang, batched),
                Err(trouble) => self.toasts.show(Toast::failed(trouble_said(lang, &trouble))),
            }
        });
    }

    fn told(self, lang: Lang, batched: Batched) {
        let mut refused = BTreeMap::new();
        let mut approved = Vec::new();
        for result in batched.results {
            match result.refused {
                Some(said) => {
                    refused.insert(result.request, said);
                }
                None => approved.push(result.request),
            }
        }
        let text = match refused.len() as u64 {
            0 => String::new(),
            n => say_n!(lang, n, inbox.refused, inbox.refused_one),
        };
        let title = say_n!(lang, approved.len() as u64, inbox.approved, inbox.approved_one);
        self.picked.try_set(BTreeSet::new());
        self.refused.try_set(refused);
        let toast = if approved.is_empty() { Toast::failed(title) } else { Toast::done(title) };
        let act = (!approved.is_empty()).then(|| back(self.toasts, self.reader, approved));
        let act = act.map(|act| (say!(lang, request.take_back).to_owned(), act));
        self.toasts.show(Toast { icon: Icon::Stamp, text, act, stays: BACK, ..toast });
    }

    /// X selects the row under the focus, Shift X all up to it, A approves, B and R open the card to say why, Esc clears.
    pub fn keys(self) {
        let go = go_to();
        on_key(move |key| {
            let any = self.picked.with_untracked(|picked| !picked.is_empty());
            match (key, self.focused()) {
                (Key::Escape, _) if any => self.picked.set(BTreeSet::new()),
                (Key::Char('a'), _) if any => self.approve(),
                (Key::Char('x'), Some(row)) if row.alone.is_none() => self.toggle(&row.row.id),
                (Key::Range, Some(row)) => {
                    let from = self.last.get_value().unwrap_or_else(|| row.row.id.clone());
                    let page = self.page.get_untracked();
                    self.picked.update(|picked| pick_range(&page.rows, picked, &from, &row.row.id));
                    self.last.set_value(Some(row.row.id));
                }
                (Key::Char('a' | 'b' | 'r'), Some(row)) => go(Route::Card(row.row.id).with(&[("say", "1")])),
                _ => return false,
            }
            true
        });
    }

    /// The row that has the focus: J and K walk through their titles.
    fn focused(self) -> Option<InboxRow> {
        let to = document().active_element()?.get_attribute("href")?;
        let page = self.page.get_untracked();
        page.rows.iter().find(|row| Route::Card(row.row.id.clone()).path() == to).cloned()
    }
}

/// Takes all approvals of a batch back.
fn back(toasts: Toasts, reader: Reader, approved: Vec<RequestId>) -> Arc<dyn Fn() + Send + Sync> {
    Arc::new(move || {
        let approved = approved.clone();
        spawn(async move {
            let mut trouble = None;
            for id in &approved {
                trouble = calls::take_back(id).await.err().or(trouble);
            }
            let lang = reader.lang_now();
            toasts.show(match trouble {
                None => Toast::done(say!(lang, inbox.taken_back).to_owned()),
                Some(trouble) => Toast::failed(trouble_said(lang, &trouble)),
            });
        });
    })
}
