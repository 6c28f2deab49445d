//! From what is typed of a person to what is sent, and back. Pure.

use api::people::{PersonForm, PersonRow};

use crate::ui::form::yes;

/// What stands in the form of a person at first.
pub fn texts(person: Option<&PersonRow>) -> Vec<(&'static str, String)> {
    let Some(PersonRow { form, .. }) = person else { return Vec::new() };
    vec![
        ("login", form.login.clone()),
        ("name", form.name.clone()),
        ("team", form.team.clone()),
        ("operator", yes(form.operator)),
        ("disabled", yes(form.disabled)),
        ("owns", form.owns.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ")),
    ]
}

/// What is sent; `typed` gives what stands in a field.
pub fn sent(typed: impl Fn(&str) -> String, version: i64) -> PersonForm {
    PersonForm {
        login: typed("login"),
        name: typed("name"),
        team: typed("team"),
        operator: !typed("operator").is_empty(),
        disabled: !typed("disabled").is_empty(),
        owns: typed("owns").split(' ').filter_map(|source| source.parse().ok()).collect(),
        version,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_sent_is_what_was_read() {
        let form = PersonForm {
            login: "ming".into(),
            name: "欧阳明珠".into(),
            team: "租赁技术部".into(),
            operator: true,
            disabled: false,
            owns: vec!["s1".parse().expect("an id"), "s2".parse().expect("an id")],
            version: 4,
        };
        let row = PersonRow { id: "p1".parse().expect("an id"), form: form.clone(), can_sign_in: true };
        let texts = texts(Some(&row));
        let typed = |field: &str| {
            texts.iter().find(|(name, _)| *name == field).map(|(_, text)| text.clone()).unwrap_or_default()
        };
        assert_eq!(sent(typed, 4), form);
        assert!(sent(|_| String::new(), 0).owns.is_empty());
    }
}
