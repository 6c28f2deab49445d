//! Tries tables again, or leaves them out: a result for each, told in one toast.

use api::domain::ids::ItemId;
use api::requests::{Tend, TendVerb, Tended};

use crate::api as calls;
use crate::html::AnyView;
use crate::react::{RwSignal, spawn};
use crate::ui::button::Button;
use crate::ui::dialog::{Question, dialogs};
use crate::ui::problem::trouble_said;
use crate::ui::toast::{Toast, Toasts, toasts};
use crate::words::{Lang, Reader, reader, say, say_n, speak};

/// One place from which tables are tended.
#[derive(Clone, Copy)]
pub struct Tending {
    /// Whether something is under way.
    pub busy: RwSignal<bool>,
    toasts: Toasts,
    reader: Reader,
}

impl Tending {
    /// Nothing is under way.
    pub fn new() -> Self {
        Self { busy: RwSignal::new(false), toasts: toasts(), reader: reader() }
    }

    /// Does it, and says what became of each.
    pub fn tend(self, verb: TendVerb, items: Vec<ItemId>) {
        self.busy.try_set(true);
        spawn(async move {
            let answer = calls::tend(&Tend { verb, items }).await;
            self.busy.try_set(false);
            let lang = self.reader.lang_now();
            self.toasts.show(match answer {
                Ok(tended) => result(lang, verb, &tended),
                Err(trouble) => Toast::failed(trouble_said(lang, &trouble)),
            });
        });
    }
}

fn result(lang: Lang, verb: TendVerb, tended: &Tended) -> Toast {
    let refused: Vec<_> = tended.results.iter().filter_map(|result| result.refused.as_ref()).collect();
    let done = (tended.results.len() - refused.len()) as u64;
    let title = match verb {
        TendVerb::TryAgain => say_n!(lang, done, tend.again, tend.again_one),
        TendVerb::LeaveOut => say_n!(lang, done, tend.out, tend.out_one),
    };
    match refused.first() {
        None => Toast::done(title),
        Some(first) => {
            let not = say_n!(lang, refused.len() as u64, tend.refused, tend.refused_one);
            let text = say!(lang, tend.why, n = not, why = speak(lang, first));
            Toast { text, ..Toast::failed(title) }
        }
    }
}

/// The button that leaves tables out, after a question.
pub fn leave_out(
    lang: Lang,
    tending: Tending,
    label: String,
    items: Vec<ItemId>,
    after: impl Fn() + Clone + Send + Sync + 'static,
) -> AnyView {
    let dialogs = dialogs();
    let n = items.len() as u64;
    let question = Question {
        title: say_n!(lang, n, tend.out_title, tend.out_title_one),
        text: say!(lang, tend.out_text).to_owned(),
        verb: label.clone(),
        keep: say!(lang, tend.keep).to_owned(),
    };
    Button::new(label).class("btn is-sm").busy(tending.busy.into()).on(move || {
        let (items, after) = (items.clone(), after.clone());
        dialogs.ask(question.clone(), move || {
            tending.tend(TendVerb::LeaveOut, items.clone());
            after();
        });
    })
}
