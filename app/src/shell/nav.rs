//! Nav: shows what a person may do. Nothing in it answers "not allowed".

use api::me::Me;

use super::brand_mark;
use crate::format::count;
use crate::html::{AnyView, IntoAny, view};
use crate::react::Memo;
use crate::route::Route;
use crate::ui::anew::anew;
use crate::ui::button::link_button;
use crate::ui::icon::{Icon, icon};
use crate::viewer::{decides, viewer};
use crate::words::{Lang, reader, say};

/// One way of the nav.
struct Way {
    to: Route,
    icon: Icon,
    name: &'static str,
    /// How many, and whether they wait for the reader.
    count: Option<(u64, bool)>,
    /// Whether it is in the tab bar of a phone.
    on_phone: bool,
}

fn ways(lang: Lang, me: &Me) -> Vec<Way> {
    let decides = decides(me);
    let some = |n: u64, mine: bool| (n > 0).then_some((n, mine));
    let way = |to, icon, name| Way { to, icon, name, count: None, on_phone: true };
    let mut ways = vec![
        way(Route::Home, Icon::Home, say!(lang, nav.home)),
        way(Route::Catalogue, Icon::Catalogue, say!(lang, nav.catalogue)),
        Way {
            count: some(me.on_the_way, false),
            on_phone: !decides,
            ..way(Route::Requests, Icon::Request, say!(lang, nav.requests))
        },
    ];
    if decides {
        ways.push(Way { count: some(me.inbox, true), ..way(Route::Inbox, Icon::Stamp, say!(lang, nav.inbox)) });
    }
    ways.push(way(Route::Lake, Icon::Lake, say!(lang, nav.lake)));
    ways
}

/// What those look after who may: operators.
fn operate(lang: Lang, me: &Me) -> Vec<Way> {
    let way = |to, icon, name| Way { to, icon, name, count: None, on_phone: false };
    if !me.operator {
        return Vec::new();
    }
    vec![
        way(Route::Overview, Icon::Overview, say!(lang, nav.overview)),
        way(Route::Jobs, Icon::Job, say!(lang, nav.jobs)),
    ]
}

/// What those set up who may: operators all of it, owners look at their sources.
fn set_up(lang: Lang, me: &Me) -> Vec<Way> {
    let way = |to, icon, name| Way { to, icon, name, count: None, on_phone: false };
    let mut ways = Vec::new();
    if decides(me) {
        ways.push(way(Route::Sources, Icon::Source, say!(lang, nav.sources)));
    }
    if me.operator {
        ways.push(way(Route::Routes, Icon::Route, say!(lang, nav.routes)));
        ways.push(way(Route::People, Icon::People, say!(lang, nav.people)));
    }
    ways
}

/// The same as links, for a phone, whose tab bar has no room for them.
pub fn set_up_links(lang: Lang, me: &Me) -> Vec<AnyView> {
    let link = |way: Way| link_button("only-s btn", Some(way.icon), way.name.to_owned(), way.to.path());
    operate(lang, me).into_iter().chain(set_up(lang, me)).map(link).collect()
}

/// The nav at the side; a tab bar on a phone.
pub fn nav(page: Memo<Route>) -> AnyView {
    let (reader, viewer) = (reader(), viewer());
    let inside = move || {
        let (lang, me) = (reader.lang(), viewer.me());
        let here = page.get();
        let items: Vec<_> = ways(lang, &me).into_iter().map(|way| item(lang, way, &here)).collect();
        let operated: Vec<_> = operate(lang, &me).into_iter().map(|way| item(lang, way, &here)).collect();
        let operate = (!operated.is_empty()).then(|| view! { <div class="side-group">{say!(lang, nav.operate)}</div> });
        let more: Vec<_> = set_up(lang, &me).into_iter().map(|way| item(lang, way, &here)).collect();
        let group = (!more.is_empty()).then(|| view! { <div class="side-group">{say!(lang, nav.set_up)}</div> });
        view! {
            <a class="brand" href=Route::Home.path()>{brand_mark()}<span>"Lakegate"</span></a>
            <a class="side-new btn is-wide" href=Route::NewRequest.path()>
                {icon(Icon::Plus)}<span>{say!(lang, nav.new)}</span><kbd class="key" aria-hidden="true">"N"</kbd>
            </a>
            {items}
            {operate}{operated}
            {group}{more}
            <a class="side-item is-tab side-more" href=Route::Me.path() aria-current=current(&here, &Route::Me)>
                {icon(Icon::User)}<span>{say!(lang, nav.me)}</span>
            </a>
            <div class="side-foot">{say!(lang, nav.version, n = super::VERSION)}</div>
        }
    };
    let label = move || say!(reader.lang(), nav.label);
    view! { <nav class="side" aria-label=label>{anew(inside)}</nav> }.into_any()
}

fn current(here: &Route, to: &Route) -> Option<&'static str> {
    (here.section() == *to).then_some(if here == to { "page" } else { "true" })
}

fn item(lang: Lang, way: Way, here: &Route) -> AnyView {
    let class = if way.on_phone { "side-item is-tab" } else { "side-item" };
    let badge = way.count.map(|(n, mine)| {
        let class = if mine { "side-count is-mine" } else { "side-count" };
        let words = if mine { say!(lang, nav.waiting_for_you) } else { say!(lang, nav.on_the_way) };
        view! { <span class=class>{count(n)}<span class="vh">" "{words}</span></span> }
    });
    view! {
        <a class=class href=way.to.path() title=way.name aria-current=current(here, &way.to)>
            {icon(way.icon)}<span>{way.name}</span>{badge}
        </a>
    }
    .into_any()
}
