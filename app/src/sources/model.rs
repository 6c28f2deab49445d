//! From what is typed of a source to what is sent, and back. Pure.

use api::sources::{SourceForm, SourceSave, SourceView};

use crate::ui::form::{number, yes};

/// The fields that want a number.
const NUMBERS: [&str; 5] = ["port", "connect_seconds", "read_seconds", "copies", "read_every"];

/// What stands in the form of a source at first.
pub fn texts(source: Option<&SourceView>) -> Vec<(&'static str, String)> {
    let Some(SourceView { form, .. }) = source else {
        return vec![
            ("kind", "mysql".to_owned()),
            ("port", "3306".to_owned()),
            ("tls", "preferred".to_owned()),
            ("connect_seconds", "10".to_owned()),
            ("read_seconds", "300".to_owned()),
            ("copies", "2".to_owned()),
            ("read_every", "15".to_owned()),
        ];
    };
    let text = |n: Option<u32>| n.map(|n| n.to_string()).unwrap_or_default();
    vec![
        ("name", form.name.clone()),
        ("kind", form.kind.clone()),
        ("path", form.path.clone()),
        ("host", form.host.clone()),
        ("port", text(form.port)),
        ("tls", form.tls.clone()),
        ("ca", form.ca.clone()),
        ("catalogue", form.catalogue.clone()),
        ("copying", form.copying.clone()),
        ("connect_seconds", text(form.connect_seconds)),
        ("read_seconds", text(form.read_seconds)),
        ("copies", text(form.copies)),
        ("read_every", text(form.read_every)),
        ("owners", form.owners.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ")),
        ("administrator", form.administrator.clone()),
        ("closed", yes(form.closed)),
    ]
}

/// What is sent; `typed` gives what stands in a field. `of` is the source that is there already.
pub fn sent(typed: impl Fn(&str) -> String, of: Option<&SourceView>) -> SourceSave {
    let n = |field: &str| number(&typed(field)).ok().flatten().and_then(|n| u32::try_from(n).ok());
    let form = SourceForm {
        name: typed("name"),
        kind: typed("kind"),
        path: typed("path"),
        host: typed("host"),
        port: n("port"),
        tls: typed("tls"),
        ca: typed("ca"),
        catalogue: typed("catalogue"),
        copying: typed("copying"),
        connect_seconds: n("connect_seconds"),
        read_seconds: n("read_seconds"),
        copies: n("copies"),
        read_every: n("read_every"),
        owners: typed("owners").split(' ').filter_map(|owner| owner.parse().ok()).collect(),
        administrator: typed("administrator"),
        closed: !typed("closed").is_empty(),
        version: of.map_or(0, |of| of.form.version),
    };
    SourceSave {
        form,
        source: of.map(|of| of.row.id.clone()),
        catalogue_password: typed("catalogue_password"),
        copying_password: typed("copying_password"),
    }
}

/// Whether a field that wants a number has something else.
pub fn no_numbers(typed: impl Fn(&str) -> String) -> bool {
    let fine = |field: &&str| number(&typed(field)).is_ok_and(|n| n.is_none_or(|n| u32::try_from(n).is_ok()));
    !NUMBERS.iter().all(fine)
}

#[cfg(test)]
mod tests {
    use super::*;
    use api::sources::SourceRow;

    #[test]
    fn what_is_sent_is_what_was_read_and_no_password_comes_by_itself() {
        let form = SourceForm {
            name: "lease".into(),
            kind: "mysql".into(),
            host: "db.lan".into(),
            port: Some(3307),
            tls: "verify_ca".into(),
            ca: "-----BEGIN".into(),
            catalogue: "reader".into(),
            copying: "copier".into(),
            connect_seconds: Some(5),
            read_seconds: Some(60),
            copies: Some(4),
            read_every: Some(30),
            owners: vec!["p1".parse().expect("an id")],
            administrator: "孙浩".into(),
            closed: true,
            version: 7,
            ..SourceForm::default()
        };
        let row = SourceRow {
            id: "s1".parse().expect("an id"),
            name: "lease".into(),
            kind: "mysql".into(),
            place: "db.lan:3307".into(),
            closed: true,
            tables: 0,
            read_at: None,
            trouble: None,
            tested_at: None,
            to_fix: 0,
            owners: vec![],
            brake: None,
            retired: None,
        };
        let view = SourceView {
            row,
            form: form.clone(),
            passwords: (true, false),
            tested: None,
            living: (0, 0, 0),
            may_manage: true,
        };
        let texts = texts(Some(&view));
        let typed = |field: &str| {
            texts.iter().find(|(name, _)| *name == field).map(|(_, text)| text.clone()).unwrap_or_default()
        };
        let sent = sent(typed, Some(&view));
        assert_eq!((sent.form, sent.source), (form, Some("s1".parse().expect("an id"))));
        assert_eq!((sent.catalogue_password.as_str(), sent.copying_password.as_str()), ("", ""));
        assert!(!no_numbers(typed));
        assert!(no_numbers(|field| if field == "port" { "many".to_owned() } else { String::new() }));
    }
}
