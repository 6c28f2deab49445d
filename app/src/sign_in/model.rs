//! What is typed at the gate, checked by the rules the server uses. Pure.

use api::domain::person::{PASSWORD_MAX, PASSWORD_MIN, login};
use api::me::Setup;

/// What is wrong with a field of the set-up, by its code.
pub fn wrong(setup: &Setup, field: &str) -> Option<&'static str> {
    let length = setup.password.chars().count();
    match field {
        "login" if setup.login.trim().is_empty() => Some("missing"),
        "login" if login(&setup.login).is_err() => Some("bad"),
        "name" if setup.name.trim().is_empty() => Some("missing"),
        "password" if length < PASSWORD_MIN => Some("short"),
        "password" if length > PASSWORD_MAX => Some("long"),
        _ => None,
    }
}

/// Whether the set-up can be sent.
pub fn is_fine(setup: &Setup) -> bool {
    ["login", "name", "password"].iter().all(|field| wrong(setup, field).is_none())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_set_up_is_checked_before_it_is_sent() {
        let fine =
            Setup { token: "t".into(), login: "Ana.B".into(), name: "Ana".into(), password: "long enough".into() };
        assert!(is_fine(&fine));
        let bad = Setup { login: "a b".into(), password: "short".into(), name: " ".into(), ..fine };
        assert_eq!(
            ["login", "name", "password"].map(|field| wrong(&bad, field)),
            [Some("bad"), Some("missing"), Some("short")]
        );
        assert!(!is_fine(&bad));
    }
}
