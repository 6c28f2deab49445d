//! Routes: which there are, by which engine, under which names, how much goes by them.

use api::domain::change::Topic;
use api::routes::{RouteList, RouteView};

use crate::api as calls;
use crate::format::count;
use crate::html::{AnyView, IntoAny, view};
use crate::live::live;
use crate::requests::new::tier_said;
use crate::route::Route;
use crate::ui::anew::anew;
use crate::ui::button::link_button;
use crate::ui::grid::{grid, th, th_right};
use crate::ui::head::{head, tab_title};
use crate::ui::icon::Icon;
use crate::ui::loaded::{Feed, loaded_page};
use crate::ui::who::who;
use crate::words::{Lang, reader, say};

/// The page.
pub fn list() -> AnyView {
    let reader = reader();
    let routes = Feed::new(|| {
        live().track(Topic::Source);
        live().track(Topic::Request);
        calls::routes()
    });
    let inside = loaded_page(routes, move |routes| {
        view! {
            {anew(move || title(reader.lang()))}
            <div class="section">{anew(move || rows(reader.lang(), &routes.get()))}</div>
        }
        .into_any()
    });
    view! { <div class="page is-wide">{inside}</div> }.into_any()
}

fn title(lang: Lang) -> AnyView {
    tab_title(say!(lang, nav.routes));
    let add = say!(lang, routes.add).to_owned();
    let add = link_button("btn is-primary", Some(Icon::Plus), add, Route::RoutesNew.path());
    head(say!(lang, nav.routes).into_any(), ().into_any(), say!(lang, routes.sub).into_any(), Some(add))
}

fn rows(lang: Lang, list: &RouteList) -> AnyView {
    let heads = vec![
        th(say!(lang, sources.name)),
        th(say!(lang, routes.engine)),
        th(say!(lang, routes.names_col)),
        th(say!(lang, col.promise)),
        th_right(say!(lang, routes.living)),
        th(say!(lang, col.owner)),
    ];
    let rows = list.rows.iter().map(|route| row(lang, route)).collect();
    grid(say!(lang, routes.list).to_owned(), true, heads, rows, None)
}

fn row(lang: Lang, route: &RouteView) -> AnyView {
    let form = &route.form;
    let tiers = form.tiers.iter().map(|tier| tier_said(lang, *tier)).collect::<Vec<_>>().join(say!(lang, clause_joint));
    let closed = form.closed.then(|| view! { <span class="tag">{say!(lang, routes.closed_tag)}</span> });
    let owner = if route.owner.is_empty() { say!(lang, nobody).into_any() } else { who(&route.owner) };
    view! {
        <tr role="row">
            <th scope="row" role="rowheader" class="c-name">
                <span class="inline"><a href=Route::RoutesOne(route.id.clone()).path()>{form.name.clone()}</a>{closed}</span>
            </th>
            <td role="cell" class="c-state">{form.engine.clone()}</td>
            <td role="cell" class="c-keep"><code>{form.database.clone()}"."{form.table.clone()}</code></td>
            <td role="cell" class="c-now">{tiers}</td>
            <td role="cell" class="r num">{count(route.living)}</td>
            <td role="cell">{owner}</td>
        </tr>
    }
    .into_any()
}
