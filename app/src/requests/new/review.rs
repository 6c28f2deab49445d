//! Step 4, what do I sign? Title, facts, tables by source, what happens then, who decides.

use api::drafts::{CartSource, DraftView};
use api::tables::Choices;
use leptos::prelude::*;

use super::model::{Msg, deciders, first_wrong, route_of, sums};
use super::writing::Writing;
use super::{bar, tier_said};
use crate::address::go_to;
use crate::api as calls;
use crate::format::{about, bytes, count};
use crate::html::{AnyView, IntoAny, view};
use crate::react::{Signal, spawn};
use crate::route::{Route, Step};
use crate::shell::{Key, on_key};
use crate::ui::anew::anew;
use crate::ui::button::Button;
use crate::ui::field::Field;
use crate::ui::grid::{grid, th, th_right};
use crate::ui::head::section_head;
use crate::ui::icon::{Icon, icon, icon_sm};
use crate::ui::loaded::Feed;
use crate::ui::unknown::known;
use crate::ui::who::who;
use crate::words::{Lang, reader, say, say_n};

/// The step.
pub fn review(writing: Writing, choices: Feed<Choices>) -> AnyView {
    let reader = reader();
    let submit = signing(writing);
    let on_submit = submit.clone();
    on_key(move |key| {
        let pressed = key == Key::Submit;
        if pressed {
            on_submit();
        }
        pressed
    });
    let foot = move || {
        let lang = reader.lang();
        let label = say_n!(lang, writing.n(), new.submit, new.submit_one);
        let button = Button::new(label).class("btn is-primary").icon(Icon::Arrow).key("Ctrl ⏎");
        let sum = view! { {icon_sm(Icon::Lock)}" "{say!(lang, new.frozen)} };
        let back = bar::back(lang, writing, Step::Checks);
        bar::bar(sum.into_any(), Some(back), button.busy(writing.busy.into()).on(submit.clone()))
    };
    view! {
        <div class="cols-2">
            <div class="stack is-loose">
                <section>
                    {anew(move || section_head(say!(reader.lang(), new.what).to_owned(), None, None))}
                    <div class="card stack">
                        {anew(move || title(reader.lang(), writing))}
                        {anew(move || facts(reader.lang(), writing, choices))}
                    </div>
                </section>
                {anew(move || sources(reader.lang(), &writing.saved.get(), writing.n()))}
                {anew(move || then(reader.lang()))}
            </div>
            {anew(move || who_decides(reader.lang(), &writing.saved.get()))}
        </div>
        {anew(foot)}
    }
    .into_any()
}

fn title(lang: Lang, writing: Writing) -> AnyView {
    let problem = Signal::derive(move || writing.problem_of(lang, "title"));
    let field = Field { id: "title", label: say!(lang, new.title).to_owned(), hint: String::new(), problem };
    let value = Signal::derive(move || writing.contents.with(|contents| contents.title.clone()));
    field.line("text", "off", value, move |text| writing.typed(Msg::Title(text)))
}

fn facts(lang: Lang, writing: Writing, choices: Feed<Choices>) -> AnyView {
    let (saved, contents) = (writing.saved.get(), writing.contents.get());
    let id = writing.id();
    let change = |step: Step, what: &str| {
        let name = say!(lang, new.change_of, what = what);
        view! { " "<a href=step.path(&id) aria-label=name>{say!(lang, new.change_verb)}</a> }.into_any()
    };
    let (rows, size) = sums(&saved.cart);
    let tables = [
        Some(say_n!(lang, writing.n(), n_tables, n_tables_one)),
        rows.map(|rows| say!(lang, n_rows, n = about(lang, rows))),
        size.map(bytes),
    ];
    let tables: Vec<String> = tables.into_iter().flatten().collect();
    let choices = choices.get().and_then(Result::ok);
    let route = choices.as_ref().and_then(|choices| route_of(&contents, &choices.routes));
    let fact = |name: &'static str, value: AnyView| view! { <dt>{name}</dt><dd>{value}</dd> }.into_any();
    let to = change(Step::Destination, say!(lang, col.promise));
    let why = if contents.reason.trim().is_empty() {
        let missing = writing.problem_of(lang, "reason").unwrap_or_else(|| say!(lang, new.no_reason).to_owned());
        let class = if writing.tried.get() { "field-problem" } else { "muted" };
        view! { <span class=class id="reason" tabindex="-1">{missing}</span>{change(Step::Destination, say!(lang, new.why))} }
    } else {
        view! { {say!(lang, quoted, text = contents.reason.trim())}{change(Step::Destination, say!(lang, new.why))} }
    };
    let mut facts = vec![
        fact(
            say!(lang, col.tables),
            view! { {tables.join(" · ")}{change(Step::Tables, say!(lang, col.tables))} }.into_any(),
        ),
        fact(say!(lang, col.promise), view! { {contents.tier.map(|tier| tier_said(lang, tier))}{to} }.into_any()),
        fact(say!(lang, new.route), route.map(|route| route.name.clone()).into_any()),
        fact(say!(lang, new.why), why.into_any()),
    ];
    if !contents.keep_until.is_empty() {
        facts.push(fact(say!(lang, new.keep_until), contents.keep_until.clone().into_any()));
    }
    if !contents.heir.is_empty() {
        facts.push(fact(say!(lang, new.heir), contents.heir.clone().into_any()));
    }
    view! { <dl class="facts">{facts}</dl> }.into_any()
}

fn sources(lang: Lang, saved: &DraftView, n: u64) -> AnyView {
    let row = |each: &CartSource| {
        let deciders: Vec<_> =
            each.deciders.iter().map(|name| view! { <span class="inline">{who(name)}</span> }).collect();
        view! {
            <tr role="row">
                <th scope="row" role="rowheader" class="c-name"><b>{each.name.clone()}</b></th>
                <td role="cell" class="r c-keep">{count(each.tables)}</td>
                <td role="cell" class="r c-keep">{known(lang, each.rows.map(|rows| about(lang, rows)))}</td>
                <td role="cell" class="c-now">{deciders}</td>
            </tr>
        }
        .into_any()
    };
    let heads = vec![
        th(say!(lang, col.source)),
        th_right(say!(lang, col.tables)),
        th_right(say!(lang, col.rows)),
        th(say!(lang, chain.decides)),
    ];
    let more = say_n!(lang, n, n_tables, n_tables_one);
    view! {
        <section>
            {section_head(say!(lang, col.tables).to_owned(), Some(more.into_any()), None)}
            {grid(say!(lang, new.cart).to_owned(), false, heads, saved.cart.iter().map(row).collect(), None)}
        </section>
    }
    .into_any()
}

fn then(lang: Lang) -> AnyView {
    let step = |image: Icon, what: &'static str, more: &'static str| {
        view! {
            <li class="chain-step">
                <span class="chain-mark" aria-hidden="true">{icon(image)}</span>
                <div><b>{what}</b><p>{more}</p></div>
            </li>
        }
    };
    view! {
        <section>
            {section_head(say!(lang, new.then).to_owned(), None, None)}
            <ol class="chain">
                {step(Icon::Stamp, say!(lang, new.then_decide), say!(lang, new.then_decide_more))}
                {step(Icon::Copying, say!(lang, new.then_copy), say!(lang, new.then_copy_more))}
                {step(Icon::Shield, say!(lang, new.then_prove), say!(lang, new.then_prove_more))}
            </ol>
        </section>
    }
    .into_any()
}

fn who_decides(lang: Lang, saved: &DraftView) -> AnyView {
    let each: Vec<_> = deciders(&saved.cart).into_iter().map(|name| view! { <li>{who(name)}</li> }).collect();
    let each = if each.is_empty() {
        view! { <p class="small soft">{say!(lang, new.operator_decides)}</p> }.into_any()
    } else {
        view! { <ul class="stack is-tight small">{each}</ul> }.into_any()
    };
    view! {
        <aside class="stack stick" aria-label=say!(lang, chain.decides)>
            <section class="card">
                <div class="card-head"><h3>{say!(lang, chain.decides)}</h3></div>
                {each}
            </section>
        </aside>
    }
    .into_any()
}

/// Signs the draft; on success leads to the request.
fn signing(writing: Writing) -> impl Fn() + Clone + Send + Sync + 'static {
    let go = go_to();
    move || {
        writing.tried.set(true);
        let n = writing.tables.with_untracked(|tables| tables.len());
        if let Some(field) = writing.contents.with_untracked(|contents| first_wrong(contents, n)) {
            focus(field);
            return;
        }
        if writing.busy.get_untracked() {
            return;
        }
        let go = go.clone();
        writing.when_saved(move |version| {
            let id = writing.id();
            // The other half of a double click.
            if writing.busy.get_untracked() {
                return;
            }
            writing.busy.set(true);
            spawn(async move {
                let answer = calls::submit_draft(&id, version).await;
                writing.busy.try_set(false);
                match answer {
                    Ok(request) => go(Route::Request(request.row.id).path()),
                    Err(trouble) => {
                        writing.trouble.try_set(Some(trouble));
                    }
                }
            });
        });
    }
}

fn focus(field: &str) {
    use wasm_bindgen::JsCast;
    let field = document().get_element_by_id(field);
    if let Some(field) = field.and_then(|field| field.dyn_into::<web_sys::HtmlElement>().ok()) {
        let _ = field.focus();
    }
}
