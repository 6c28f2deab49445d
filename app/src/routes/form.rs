//! One route: the form, and its test beside it.

use api::domain::change::Topic;
use api::domain::ids::RouteId;
use api::domain::tier::Tier;
use api::looks::Tested;
use api::me::PersonView;
use api::routes::{RouteForm, RouteList, RouteView};

use super::model::{no_numbers, sent, texts};
use crate::address::go_to;
use crate::api as calls;
use crate::html::{AnyView, IntoAny, view};
use crate::live::live;
use crate::react::RwSignal;
use crate::requests::new::tier_said;
use crate::route::Route;
use crate::ui::anew::anew;
use crate::ui::button::link_button;
use crate::ui::form::{Form, with_none};
use crate::ui::head::{crumbs, head, tab_title};
use crate::ui::icon::Icon;
use crate::ui::loaded::{Feed, loaded_page};
use crate::ui::looks::looks;
use crate::ui::problem::note;
use crate::ui::toast::{Toast, toasts};
use crate::words::{Lang, reader, say};

/// The page of a route; of a new one without an id.
pub fn form(id: Option<RouteId>) -> AnyView {
    let routes = Feed::new(|| {
        live().track(Topic::Source);
        calls::routes()
    });
    let inside = loaded_page(routes, move |routes| {
        let first = routes.get_untracked();
        let route = id.as_ref().and_then(|id| first.rows.iter().find(|route| route.id == *id)).cloned();
        if id.is_some() && route.is_none() {
            return crate::shell::lost();
        }
        page(&first, route)
    });
    view! { <div class="page">{inside}</div> }.into_any()
}

fn page(list: &RouteList, route: Option<RouteView>) -> AnyView {
    let reader = reader();
    let form = Form::new(texts(route.as_ref(), &list.engines));
    let (tested, testing, only) = (RwSignal::new(None::<Tested>), Form::new(Vec::new()), RwSignal::new(String::new()));
    let list = list.clone();
    let (shown, of) = (route.clone(), route.clone());
    let test = move || testing.send(|| calls::test_route(&typed(form, 0)), move |found| tested.set(Some(found)));
    view! {
        {anew(move || title(reader.lang(), shown.as_ref()))}
        <div class="cols-half section">
            {anew(move || fields(reader.lang(), form, &list, of.clone()))}
            {anew(move || {
                tested.with(|tested| looks(reader.lang(), tested.as_ref(), "", only, testing.busy, test))
            })}
        </div>
    }
    .into_any()
}

fn typed(form: Form, version: i64) -> RouteForm {
    sent(|field| form.now(field), version)
}

fn title(lang: Lang, route: Option<&RouteView>) -> AnyView {
    let name = route.map_or_else(|| say!(lang, routes.add).to_owned(), |route| route.form.name.clone());
    tab_title(&name);
    let up = vec![(say!(lang, nav.routes).to_owned(), Route::Routes.path())];
    view! {
        {crumbs(say!(lang, crumbs), up, name.clone())}
        {head(name.into_any(), ().into_any(), say!(lang, routes.sub).into_any(), None)}
    }
    .into_any()
}

/// Where a cluster is, and what its jobs are given.
fn cluster(lang: Lang, form: Form) -> AnyView {
    view! {
        {form.line("address", say!(lang, routes.address), "http://flink:8081")}
        <div class="form-row">
            {form.line("warehouse", say!(lang, routes.seen), say!(lang, routes.seen_hint))}
            {form.line("readers", say!(lang, routes.readers), say!(lang, routes.readers_hint))}
        </div>
    }
    .into_any()
}

fn fields(lang: Lang, form: Form, list: &RouteList, route: Option<RouteView>) -> AnyView {
    let fixed = route.as_ref().is_some_and(|route| route.fixed);
    let version = route.as_ref().map_or(0, |route| route.form.version);
    let places = say!(lang, routes.names_hint, example = "{source} {database} {table}");
    let same = |text: &String| (text.clone(), text.clone());
    let engines = list.engines.iter().map(same).collect();
    let tiers = [Tier::Minutes, Tier::Daily].map(|tier| (tier.word().to_owned(), tier_said(lang, tier).to_owned()));
    let person = |person: &PersonView| (person.id.to_string(), person.name.clone());
    let people = with_none(lang, |lang| say!(lang, nobody), list.people.iter().map(person).collect());
    let names = if fixed {
        note("is-accent", Icon::Lock, say!(lang, routes.fixed).into_any())
    } else {
        view! {
            <div class="form-row">
                {form.line("database", say!(lang, routes.database), &places)}
                {form.line("table", say!(lang, routes.table), "")}
            </div>
        }
        .into_any()
    };
    let stays = fixed.then(|| view! { <p><code>{form.now("database")}"."{form.now("table")}</code></p> });
    let engine =
        (!fixed && list.engines.len() > 1).then(|| form.select("engine", say!(lang, routes.engine), "", engines));
    let cluster = anew(move || (form.get("engine") == "flink").then(|| cluster(lang, form)));
    let fields = view! {
        <section class="form">
            <h2>{say!(lang, routes.what)}</h2>
            {form.line("name", say!(lang, sources.name), "")}
            <dl class="facts">
                <dt>{say!(lang, routes.engine)}</dt><dd>{form.now("engine")}</dd>
                <dt>{say!(lang, routes.warehouse)}</dt><dd><code>{list.warehouse.clone()}</code></dd>
            </dl>
            {engine}
            {cluster}
            {form.ticks("tiers", say!(lang, routes.tiers), "", tiers.to_vec())}
        </section>
        <section class="form"><h2>{say!(lang, routes.names)}</h2>{names}{stays}</section>
        <section class="form">
            <h2>{say!(lang, routes.limits)}</h2>
            <div class="form-row">
                {form.line("most_tables", say!(lang, routes.most_tables), say!(lang, routes.no_limit))}
                {form.line("most_bytes", say!(lang, routes.most_bytes), say!(lang, routes.no_limit))}
            </div>
            {form.ticks("closed", say!(lang, col.state), "", vec![("yes".to_owned(), say!(lang, routes.closed).to_owned())])}
        </section>
        <section class="form"><h2>{say!(lang, routes.owner)}</h2>{form.select("owner", say!(lang, col.owner), "", people)}</section>
        <div class="inline">
            {form.submit("btn is-primary", say!(lang, save))}
            {link_button("btn", None, say!(lang, cancel_edit).to_owned(), Route::Routes.path())}
        </div>
    };
    let (toasts, go) = (toasts(), go_to());
    let send = move || {
        if no_numbers(|field| form.now(field)) {
            return toasts.show(Toast::failed(say!(lang, routes.not_number).to_owned()));
        }
        let (go, id) = (go.clone(), route.as_ref().map(|route| route.id.clone()));
        let wanted = typed(form, version);
        form.send(
            move || calls::save_route(id.as_ref(), &wanted),
            move |_| {
                toasts.show(Toast::done(say!(lang, routes.saved).to_owned()));
                go(Route::Routes.path());
            },
        );
    };
    form.around("stack is-loose", say!(lang, routes.title).to_owned(), fields.into_any(), send)
}
