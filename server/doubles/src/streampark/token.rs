//! Sign-in, session tokens, access tokens and cookies (streampark-api §1).
//!
//! Invariant: a token is good only as a whole header value; a restart of the console ends every session, no access token.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::answer::{Refusal, Reply, Said, date, long};
use super::clock::{china, server};
use super::form::Form;
use super::list::page;
use super::world::World;

/// A token that a user made for programs.
#[derive(Debug, Clone)]
struct Access {
    id: u64,
    user: u64,
    token: String,
    on: bool,
    description: Option<String>,
    made: i64,
}

/// Who calls, and how the console knows.
#[derive(Debug, Clone)]
pub(super) struct Who {
    pub(super) user: u64,
    /// Known by an access token, now or earlier in this session (223 224).
    pub(super) by_access: bool,
    /// The session cookie to hand out, when the call brought none.
    pub(super) new_session: Option<String>,
}

/// Every token and session of the console.
#[derive(Debug, Clone, Default)]
pub(super) struct Tokens {
    sign: BTreeMap<String, (u64, i64)>,
    access: Vec<Access>,
    sessions: BTreeMap<String, (u64, bool)>,
    logins: BTreeMap<u64, i64>,
    count: u64,
}

impl Tokens {
    pub(super) fn restart(&mut self, _now: i64) {
        self.sign.clear();
        self.sessions.clear();
    }

    /// Forgets all sessions, as if each token had come to its end.
    pub(super) fn expire(&mut self) {
        self.sign.clear();
    }

    fn next(&mut self, kind: &str, user: u64) -> String {
        self.count += 1;
        format!("{kind}{user}x{:08x}==", self.count.wrapping_mul(0x9E37_79B9) & 0xFFFF_FFFF)
    }
}

impl World {
    /// Who sends this header and this cookie, or nobody.
    pub(super) fn who(&mut self, header: Option<&str>, cookie: Option<&str>) -> Option<Who> {
        let header = header?;
        let (now, knows) = (self.now, self.profile.knows_access_tokens());
        let tokens = &mut self.tokens;
        let signed = tokens.sign.get(header).filter(|(_, until)| now < *until).map(|(user, _)| (*user, false));
        let access =
            || tokens.access.iter().find(|one| knows && one.on && one.token == header).map(|one| (one.user, true));
        let (user, mut by_access) = signed.or_else(access)?;
        match cookie.and_then(|cookie| tokens.sessions.get_mut(cookie)) {
            Some(session) => {
                session.1 |= by_access;
                by_access = session.1;
                Some(Who { user, by_access, new_session: None })
            }
            None => {
                let session = tokens.next("session", user);
                tokens.sessions.insert(session.clone(), (user, by_access));
                Some(Who { user, by_access, new_session: Some(session) })
            }
        }
    }

    /// Whose session a cookie is.
    pub(super) fn session(&self, cookie: Option<&str>) -> Option<u64> {
        cookie.and_then(|cookie| self.tokens.sessions.get(cookie)).map(|(user, _)| *user)
    }

    /// `POST /passport/signin` (001–010).
    pub(super) fn sign_in(&mut self, form: &Form) -> Said {
        let zero = |code: i64| Ok(Reply::Bare(200, json!({"status": "success", "code": code})));
        let kind = form.text("loginType").filter(|kind| !kind.is_empty());
        if !matches!(kind, None | Some("PASSWORD" | "LDAP")) {
            return Err(bad_login_type(kind.unwrap_or_default()));
        }
        let name = form.text("username").unwrap_or_default();
        let password = form.text("password").unwrap_or_default();
        if name.is_empty() {
            return zero(0);
        }
        match kind {
            None => return Err(Refusal::Alert("the login type is null.".to_owned())),
            Some("LDAP") => {
                return Err(Refusal::Alert(
                    "ldap is not enabled, Please check the configuration: ldap.enable".to_owned(),
                ));
            }
            Some(_) if password.is_empty() => return zero(0),
            Some(_) => {}
        }
        let unknown = format!("user [{name}] does not exist or can not login with PASSWORD");
        let user = self.users.iter().find(|user| user.name == name).cloned().ok_or(Refusal::Alert(unknown))?;
        if user.password != password {
            return zero(0);
        }
        if user.locked {
            return zero(1);
        }
        if user.teams.is_empty() {
            return Ok(Reply::Bare(200, json!({"status": "success", "code": "403", "data": user.id.to_string()})));
        }
        let token = self.tokens.next("sign", user.id);
        let until = self.now + self.times.session;
        self.tokens.sign.insert(token.clone(), (user.id, until));
        let last = self.tokens.logins.insert(user.id, self.now);
        let born = china(self.born);
        let last = if user.admin { date(last.or(Some(self.now))) } else { date(last) };
        Ok(Reply::Bare(
            200,
            json!({"data": {
                "token": token, "expire": server(until), "user": user.json(&born, last),
                "permissions": user.shown_permissions(),
            }}),
        ))
    }

    /// `POST /token/create`: one token a user (170–172).
    pub(super) fn create_token(&mut self, form: &Form) -> Said {
        let refused =
            |message: String| Ok(Reply::Bare(200, json!({"status": "success", "code": 0, "message": message})));
        let Some(user) = self.users.iter().find(|user| Some(user.id) == form.id("userId")).cloned() else {
            return refused("user not available".to_owned());
        };
        if self.tokens.access.iter().any(|one| one.user == user.id) {
            return refused(format!("user {} already has a token", user.name));
        }
        let token = self.tokens.next("access", user.id);
        let id = u64::try_from(self.tokens.access.len()).unwrap_or_default() + 1;
        let description = form.text("description").map(str::to_owned);
        let access = Access { id, user: user.id, token, on: true, description, made: self.now };
        let shown = access.json(Value::Null, Value::Null);
        self.tokens.access.push(access);
        Ok(Reply::Data(shown))
    }

    /// `POST /token/list`.
    pub(super) fn list_tokens(&self, form: &Form) -> Reply {
        let rows = self.tokens.access.iter().map(|access| {
            let user = self.users.iter().find(|user| user.id == access.user);
            access.json(json!(user.map(|user| &user.name)), json!("1"))
        });
        Reply::Data(page(rows.collect(), form, "create_time", false))
    }

    /// `POST /token/check` (174): no `data` when all is well.
    pub(super) fn check_token(&self, user: u64) -> Reply {
        match self.tokens.access.iter().find(|access| access.user == user) {
            None => Reply::Data(json!(0)),
            Some(access) if !access.on => Reply::Data(json!(1)),
            Some(_) => Reply::Nothing,
        }
    }

    /// `POST /token/toggle` (186–189).
    pub(super) fn toggle_token(&mut self, form: &Form) -> Reply {
        let wanted = form.id("tokenId");
        match self.tokens.access.iter_mut().find(|access| Some(access.id) == wanted) {
            Some(access) => {
                access.on = !access.on;
                Reply::Data(json!(true))
            }
            None => {
                let message = "accessToken could not be found!";
                Reply::Bare(200, json!({"status": "error", "code": "501", "message": message, "data": null}))
            }
        }
    }

    /// The access token of a user, for `/openapi/curl`.
    pub(super) fn access_token(&self, user: u64) -> Option<String> {
        self.tokens.access.iter().find(|access| access.user == user).map(|access| access.token.clone())
    }
}

impl Access {
    fn json(&self, name: Value, status: Value) -> Value {
        json!({
            "id": long(self.id), "userId": long(self.user), "token": self.token, "status": i64::from(self.on),
            "description": self.description, "createTime": china(self.made), "modifyTime": china(self.made),
            "username": name, "userStatus": status,
        })
    }
}

fn bad_login_type(kind: &str) -> Refusal {
    let of = "org.apache.streampark.console.core.enums.LoginType";
    Refusal::Field(format!(
        "loginTypeFailed to convert property value of type 'java.lang.String' to required type '{of}' for property \
         'loginType'; nested exception is org.springframework.core.convert.ConversionFailedException: Failed to convert \
         from type [java.lang.String] to type [{of}] for value [{kind}]; nested exception is \
         java.lang.IllegalArgumentException: No enum constant {of}.{kind}"
    ))
}
