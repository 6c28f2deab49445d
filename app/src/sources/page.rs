//! One source: the form on the left, the test on the right; its owner reads, an operator writes.

use api::domain::change::Topic;
use api::domain::ids::SourceId;
use api::looks::Tested;
use api::sources::{SourceList, SourceView};

use super::changes::changes;
use super::form;
use super::model::{sent, texts};
use crate::api as calls;
use crate::format::count;
use crate::html::{AnyView, IntoAny, view};
use crate::live::live;
use crate::react::{RwSignal, effect};
use crate::requests::acts::act;
use crate::route::Route;
use crate::ui::anew::anew;
use crate::ui::button::Button;
use crate::ui::dialog::{Question, dialogs};
use crate::ui::form::Form;
use crate::ui::head::{crumbs, dot_list, head, tab_title};
use crate::ui::icon::Icon;
use crate::ui::loaded::{Feed, Shown, loaded_page};
use crate::ui::looks::{looks, looks_only};
use crate::ui::problem::note;
use crate::ui::time::age;
use crate::ui::unknown::unknown;
use crate::words::{Lang, reader, say, speak};

/// The page that adds a source.
pub fn new() -> AnyView {
    let list = Feed::new(calls::sources);
    let inside = loaded_page(list, |list| {
        let list = list.get_untracked();
        if list.may_manage { editing(&list, None, RwSignal::new(None)) } else { crate::shell::lost() }
    });
    view! { <div class="page">{inside}</div> }.into_any()
}

/// The page of a source.
pub fn page(id: SourceId) -> AnyView {
    let source = Feed::new(move || {
        live().track(Topic::Source);
        calls::source(&id)
    });
    let inside = loaded_page(source, move |source| {
        let first = source.get_untracked();
        if first.may_manage { editable(source) } else { readable(source) }
    });
    view! { <div class="page">{inside}</div> }.into_any()
}

/// What stands above: which source, what is wrong with it.
fn title(lang: Lang, source: Option<&SourceView>) -> AnyView {
    let name = source.map_or_else(|| say!(lang, sources.add).to_owned(), |source| source.row.name.clone());
    tab_title(&name);
    let up = vec![(say!(lang, nav.sources).to_owned(), Route::Sources.path())];
    let sub = match source {
        None => say!(lang, sources.add_more).into_any(),
        Some(source) => dot_list(vec![
            source.row.place.clone().into_any(),
            say!(lang, sources.n_tables, n = count(source.row.tables)).into_any(),
            match source.row.read_at {
                Some(at) => age(lang, at, move |age| say!(lang, sources.read_ago, age = age)),
                None => unknown(lang),
            },
        ]),
    };
    let notes = source.into_iter().flat_map(|SourceView { row, .. }| {
        [(&row.retired, Icon::Info), (&row.trouble, Icon::Failed), (&row.brake, Icon::Paused)]
    });
    let acts = source.filter(|source| source.may_manage).map(|source| retire(lang, source));
    let notes: Vec<_> = notes
        .filter_map(|(said, image)| Some(note("is-late", image, speak(lang, said.as_ref()?).into_any())))
        .collect();
    let notes = (!notes.is_empty()).then(|| view! { <div class="stack mt-4">{notes}</div> });
    view! {
        {crumbs(say!(lang, crumbs), up, name.clone())}
        {head(name.into_any(), ().into_any(), sub, acts)}
        {notes}
    }
    .into_any()
}

/// Retires it, or brings it back; what that means is asked with its numbers.
fn retire(lang: Lang, source: &SourceView) -> AnyView {
    let (dialogs, busy, id, name) = (dialogs(), RwSignal::new(false), source.row.id.clone(), &source.row.name);
    let back = source.row.retired.is_some();
    let (waiting, coming, there) = source.living;
    let keep = say!(lang, cancel_edit).to_owned();
    let question = if back {
        let text = say!(lang, sources.back_text, tables = count(source.row.tables));
        let verb = say!(lang, sources.bring_back).to_owned();
        Question { title: say!(lang, sources.back_title, name = name), text, verb, keep }
    } else {
        let [waiting, coming, there] = [waiting, coming, there].map(count);
        let text = say!(lang, sources.retire_text, waiting = waiting, coming = coming, there = there);
        let verb = say!(lang, sources.retire).to_owned();
        Question { title: say!(lang, sources.retire_title, name = name), text, verb, keep }
    };
    let done = if back { say!(lang, sources.back_done) } else { say!(lang, sources.retired_done) };
    Button::new(question.verb.clone()).busy(busy.into()).on(move || {
        let id = id.clone();
        dialogs.ask(question.clone(), move || act(busy, done.to_owned(), calls::retire_source(&id, back)));
    })
}

fn editable(source: Shown<SourceView>) -> AnyView {
    let reader = reader();
    let list = Feed::new(calls::sources);
    let body = loaded_page(list, move |list| {
        let first = source.get_untracked();
        let tested = RwSignal::new(first.tested.clone());
        // What a test by itself found meanwhile.
        effect(move || {
            let newest = source.get().tested.clone();
            if newest.as_ref().map(|it| it.at) > tested.with_untracked(|it| it.as_ref().map(|it| it.at)) {
                tested.set(newest);
            }
        });
        editing(&list.get_untracked(), Some((*first).clone()), tested)
    });
    let above = move || {
        let (lang, source) = (reader.lang(), source.get());
        title(lang, Some(&source))
    };
    let changes = changes(source.with_untracked(|source| source.row.id.clone()));
    view! { {anew(above)}{body}{changes} }.into_any()
}

/// Form and test. What somebody else changes meanwhile does not take away what is typed: the version tells.
fn editing(list: &SourceList, source: Option<SourceView>, tested: RwSignal<Option<Tested>>) -> AnyView {
    let reader = reader();
    let form = Form::new(texts(source.as_ref()));
    let people = list.people.clone();
    let (typed, of) = (source.clone(), source.clone());
    let new = source.is_none().then(|| anew(move || title(reader.lang(), None)));
    view! {
        {new}
        <div class="cols-half section">
            {anew(move || form::fields(reader.lang(), form, &people, typed.clone(), tested))}
            {test_card(form, of, tested)}
        </div>
    }
    .into_any()
}

fn test_card(form: Form, source: Option<SourceView>, tested: RwSignal<Option<Tested>>) -> AnyView {
    let (reader, testing, only) = (reader(), Form::new(Vec::new()), RwSignal::new(String::new()));
    let card = move || {
        let of = source.clone();
        let test = move || {
            let wanted = sent(|field| form.now(field), of.as_ref());
            testing.send(move || calls::test_source(&wanted), move |found| tested.set(Some(found)));
        };
        let place = form.get("name");
        tested.with(|tested| looks(reader.lang(), tested.as_ref(), &place, only, testing.busy, test))
    };
    view! { <div class="stack stick">{testing.trouble()}{anew(card)}</div> }.into_any()
}

/// What an owner reads: the same facts, and the last test.
fn readable(source: Shown<SourceView>) -> AnyView {
    let (reader, only) = (reader(), RwSignal::new(String::new()));
    let facts = move || {
        let (lang, source) = (reader.lang(), source.get());
        let form = &source.form;
        let account = if form.copying.is_empty() {
            form.catalogue.clone()
        } else {
            say!(lang, pair, one = form.catalogue, two = form.copying)
        };
        let owners = source.row.owners.iter().map(|owner| owner.name.as_str()).collect::<Vec<_>>();
        let facts = [
            (say!(lang, sources.place), source.row.place.clone()),
            (say!(lang, sources.accounts), account),
            (say!(lang, sources.owners), owners.join(say!(lang, list_joint))),
            (say!(lang, sources.administrator), form.administrator.clone()),
        ];
        let facts: Vec<_> = facts
            .into_iter()
            .filter(|(_, text)| !text.is_empty())
            .map(|(what, text)| view! { <dt>{what}</dt><dd>{text}</dd> })
            .collect();
        view! { <section class="card"><dl class="facts">{facts}</dl></section> }
    };
    let card = move || {
        let (lang, source) = (reader.lang(), source.get());
        source.tested.as_ref().map(|tested| looks_only(lang, tested, &source.row.name, only))
    };
    view! {
        {anew(move || title(reader.lang(), Some(&source.get())))}
        <div class="cols-half section">{anew(facts)}{anew(card)}</div>
        {changes(source.with_untracked(|source| source.row.id.clone()))}
    }
    .into_any()
}
