//! From what is typed of a route to what is sent, and back. Pure.

use api::domain::tier::Tier;
use api::routes::{RouteForm, RouteView};

use crate::ui::form::{number, yes};

/// Bytes of a megabyte, as people count them.
const MEGABYTE: u64 = 1_000_000;

/// What stands in the form of a route at first.
pub fn texts(route: Option<&RouteView>, engines: &[String]) -> Vec<(&'static str, String)> {
    let Some(RouteView { form, .. }) = route else {
        return vec![
            ("engine", engines.first().cloned().unwrap_or_default()),
            ("tiers", "minutes daily".to_owned()),
            ("database", "ods_{database}".to_owned()),
            ("table", "{table}".to_owned()),
        ];
    };
    let text = |n: Option<u64>| n.map(|n| n.to_string()).unwrap_or_default();
    vec![
        ("name", form.name.clone()),
        ("engine", form.engine.clone()),
        ("address", form.address.clone()),
        ("warehouse", form.warehouse.clone()),
        ("readers", text(form.readers.map(u64::from))),
        ("tiers", form.tiers.iter().map(|tier| tier.word()).collect::<Vec<_>>().join(" ")),
        ("database", form.database.clone()),
        ("table", form.table.clone()),
        ("most_tables", text(form.most_tables)),
        ("most_bytes", text(form.most_bytes.map(|bytes| bytes / MEGABYTE))),
        ("owner", form.owner.as_ref().map(ToString::to_string).unwrap_or_default()),
        ("closed", yes(form.closed)),
    ]
}

/// What is sent; `typed` gives what stands in a field. A number that is none counts as no limit: the field says so.
pub fn sent(typed: impl Fn(&str) -> String, version: i64) -> RouteForm {
    let limit = |field: &str| number(&typed(field)).ok().flatten();
    RouteForm {
        name: typed("name"),
        engine: typed("engine"),
        address: typed("address"),
        warehouse: typed("warehouse"),
        readers: limit("readers").map(|readers| u32::try_from(readers).unwrap_or(u32::MAX)),
        tiers: typed("tiers").split(' ').filter_map(Tier::from_word).collect(),
        database: typed("database"),
        table: typed("table"),
        most_tables: limit("most_tables"),
        most_bytes: limit("most_bytes").map(|megabytes| megabytes.saturating_mul(MEGABYTE)),
        owner: typed("owner").parse().ok(),
        closed: !typed("closed").is_empty(),
        version,
    }
}

/// The fields that want a number and have none.
pub fn no_numbers(typed: impl Fn(&str) -> String) -> bool {
    ["most_tables", "most_bytes", "readers"].iter().any(|field| number(&typed(field)).is_err())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_sent_is_what_was_read() {
        let form = RouteForm {
            name: "lake".into(),
            engine: "flink".into(),
            address: "http://flink".into(),
            warehouse: "file:///lake".into(),
            readers: Some(2),
            tiers: vec![Tier::Daily],
            database: "ods".into(),
            table: "{database}_{table}".into(),
            most_tables: Some(500),
            most_bytes: Some(2_000_000_000),
            owner: Some("p1".parse().expect("an id")),
            closed: true,
            version: 3,
        };
        let view = RouteView {
            id: "r1".parse().expect("an id"),
            form: form.clone(),
            warehouse: String::new(),
            owner: String::new(),
            living: 0,
            fixed: false,
        };
        let texts = texts(Some(&view), &[]);
        let typed = |field: &str| {
            texts.iter().find(|(name, _)| *name == field).map(|(_, text)| text.clone()).unwrap_or_default()
        };
        assert_eq!(sent(typed, 3), form);
        assert!(!no_numbers(typed));
        assert!(no_numbers(|_| "many".to_owned()));
    }
}
