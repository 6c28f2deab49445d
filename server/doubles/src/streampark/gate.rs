//! Who may call what: permission and team of each path, checked before the call is made (streampark-api §1.4, §1.5, §5).
//!
//! Invariant: the order is the real one: token, path, method, open API, fields, permission, team.

use super::answer::{Refusal, Reply, Said, not_found};
use super::form::Form;
use super::token::Who;
use super::user::User;
use super::world::World;

/// Whose thing a call is about.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Scope {
    Free,
    /// The team named by `teamId`.
    Team,
    /// The application named by this field.
    App(&'static str),
}

use Scope::{App, Free, Team};

/// Every path the double knows: its permission, its scope.
const PATHS: [(&str, &str, Scope); 49] = [
    ("/passport/signout", "", Free),
    ("/flink/app/get", "app:detail", App("id")),
    ("/flink/app/list", "app:view", Team),
    ("/flink/app/copy", "app:copy", App("id")),
    ("/flink/app/create", "app:create", Team),
    ("/flink/app/update", "app:update", App("id")),
    ("/flink/app/start", "app:start", App("id")),
    ("/flink/app/check_start", "app:start", App("id")),
    ("/flink/app/cancel", "app:cancel", App("id")),
    ("/flink/app/abort", "app:cancel", App("id")),
    ("/flink/app/delete", "app:delete", App("id")),
    ("/flink/app/mapping", "app:mapping", App("id")),
    ("/flink/app/checkName", "", Free),
    ("/flink/app/dashboard", "", Team),
    ("/flink/app/optionlog", "", App("appId")),
    ("/flink/app/checkSavepointPath", "", App("id")),
    ("/flink/app/upload", "app:create", Free),
    ("/flink/app/main", "", Free),
    ("/flink/pipe/build", "app:create", App("appId")),
    ("/flink/pipe/detail", "app:view", App("appId")),
    ("/flink/savepoint/history", "", App("appId")),
    ("/flink/savepoint/trigger", "savepoint:trigger", App("appId")),
    ("/flink/savepoint/delete", "savepoint:delete", App("appId")),
    ("/flink/env/check", "", Free),
    ("/flink/env/create", "", Free),
    ("/flink/env/list", "", Free),
    ("/flink/env/get", "", Free),
    ("/flink/cluster/check", "", Free),
    ("/flink/cluster/create", "cluster:create", Free),
    ("/flink/cluster/list", "", Free),
    ("/flink/cluster/get", "", Free),
    ("/flink/cluster/remoteUrl", "", Free),
    ("/flink/alert/add", "", Free),
    ("/flink/alert/listWithOutPage", "", Free),
    ("/flink/alert/send", "", Free),
    ("/message/notice", "", Free),
    ("/variable/post", "variable:add", Team),
    ("/variable/list", "", Team),
    ("/team/list", "", Free),
    ("/token/create", "token:add", Free),
    ("/token/check", "", Free),
    ("/token/list", "token:view", Free),
    ("/token/toggle", "token:add", Free),
    ("/openapi/app/start", "app:start", App("id")),
    ("/openapi/app/cancel", "app:cancel", App("id")),
    ("/openapi/schema", "", Free),
    ("/openapi/curl", "", Free),
    ("/passport/signin", "", Free),
    ("/member/teams", "", Free),
];

/// Fields that are longs wherever they come.
const LONGS: [&str; 10] =
    ["id", "appId", "teamId", "userId", "versionId", "flinkClusterId", "tokenId", "pageNum", "pageSize", "alertId"];

/// Whether a path needs no token.
pub(super) fn is_open(path: &str) -> bool {
    matches!(path, "/passport/signin" | "/member/teams")
}

/// What a method other than POST is answered.
pub(super) fn wrong_method(method: &str) -> Refusal {
    Refusal::Thrown(format!(
        "org.springframework.web.HttpRequestMethodNotSupportedException: Request method '{method}' not supported"
    ))
}

impl World {
    /// Everything that is looked at before a call is made; an answer when it is not made.
    pub(super) fn gate(&self, method: &str, path: &str, who: Option<&Who>, form: &Form) -> Option<Said> {
        let Some((_, permission, scope)) = PATHS.iter().find(|(known, _, _)| *known == path) else {
            return Some(Ok(not_found(self.now, path)));
        };
        if method != "POST" {
            return Some(Err(wrong_method(method)));
        }
        if let Some(refused) = LONGS.iter().find_map(|field| form.number(field).err()) {
            return Some(Err(refused));
        }
        let who = who?;
        let user = self.users.iter().find(|user| user.id == who.user)?;
        let refused = self.closed_to_programs(path, who, user).or_else(|| missing(permission, user));
        refused.or_else(|| self.out_of_scope(*scope, user, form)).map(Err)
    }

    /// An access token opens two paths and the white list; for others than an admin not even those (175–189, 212, 304–308).
    fn closed_to_programs(&self, path: &str, who: &Who, user: &User) -> Option<Refusal> {
        if !who.by_access {
            return None;
        }
        let system = ["/team/", "/user/", "/token/", "/passport/"].iter().any(|start| path.starts_with(start));
        let open = path.starts_with("/openapi/");
        if !system && !open && !self.white_list.iter().any(|listed| listed == path) {
            let what = format!("java.lang.UnsupportedOperationException: Openapi unsupported: {path}");
            return Some(Refusal::Thrown(what));
        }
        let what = "org.springframework.expression.spel.SpelEvaluationException: EL1008E: Property or field 'appId' cannot be \
                    found on object of type 'org.apache.streampark.console.core.entity.Application' - maybe not public or \
                    not valid?";
        (open && !user.admin).then(|| Refusal::Thrown(what.to_owned()))
    }

    fn out_of_scope(&self, scope: Scope, user: &User, form: &Form) -> Option<Refusal> {
        if user.admin {
            return None;
        }
        let member = |team: Option<u64>| team.is_none_or(|team| user.is_in(team));
        let team = "Permission denied, only members of this team can access this permission";
        match scope {
            Scope::Free => None,
            Scope::Team => (!member(form.id("teamId"))).then_some(Refusal::Scope(team)),
            Scope::App(field) => {
                let Some(app) = form.id(field).and_then(|id| self.apps.get(&id)) else {
                    let what = "java.lang.IllegalArgumentException: Invalid operation, application is null";
                    return Some(Refusal::Thrown(what.to_owned()));
                };
                let own = app.user == user.id || user.is_in(app.team);
                let what = "Permission denied, this job not created by the current user, And the job cannot be found in the \
                            current user's team.";
                (!own).then_some(Refusal::Scope(what))
            }
        }
    }

    /// Makes the call; `copy` and `start` have made their checks before.
    pub(super) fn call(&mut self, path: &str, who: Option<&Who>, form: &Form, body: &serde_json::Value) -> Said {
        let user = who.map_or(0, |who| who.user);
        match path {
            "/passport/signin" => self.sign_in(form),
            "/passport/signout" => Ok(Reply::Bare(200, serde_json::json!({}))),
            "/member/teams" => Ok(self.member_teams(form)),
            "/flink/app/get" => self.get(form),
            "/flink/app/list" => self.list(form),
            "/flink/app/copy" => self.copy(user, form),
            "/flink/app/create" => self.create(user, form),
            "/flink/app/update" => self.update(form),
            "/flink/app/start" | "/openapi/app/start" => Ok(self.start(form)),
            "/flink/app/check_start" => Ok(self.check_start(form)),
            "/flink/app/cancel" | "/openapi/app/cancel" => self.cancel(form),
            "/flink/app/abort" => self.abort(form),
            "/flink/app/delete" => self.delete(form),
            "/flink/app/mapping" => self.mapping(form),
            "/flink/app/checkName" => self.check_name(form),
            "/flink/app/dashboard" => self.dashboard(form),
            "/flink/app/optionlog" => Ok(self.option_log(form)),
            "/flink/app/checkSavepointPath" => Ok(self.check_savepoint_path(form)),
            "/flink/app/upload" => self.upload(form),
            "/flink/app/main" => self.main_of(form),
            "/flink/pipe/build" => self.build(form),
            "/flink/pipe/detail" => Ok(self.detail(form)),
            "/flink/savepoint/history" => Ok(self.savepoint_history(form)),
            "/flink/savepoint/trigger" => self.trigger_savepoint(form),
            "/flink/savepoint/delete" => Ok(self.delete_savepoint(form)),
            _ => self.call_around(path, user, form, body),
        }
    }

    fn call_around(&mut self, path: &str, user: u64, form: &Form, body: &serde_json::Value) -> Said {
        match path {
            "/flink/env/check" => Ok(self.check_env(form)),
            "/flink/env/create" => self.create_env(form),
            "/flink/env/list" => Ok(self.list_envs()),
            "/flink/env/get" => self.get_env(form),
            "/flink/cluster/check" => Ok(self.check_cluster(form)),
            "/flink/cluster/create" => Ok(self.create_cluster(user, form)),
            "/flink/cluster/list" => Ok(self.list_clusters()),
            "/flink/cluster/get" => self.get_cluster(form, false),
            "/flink/cluster/remoteUrl" => self.get_cluster(form, true),
            "/flink/alert/add" => Ok(self.add_alert(body)),
            "/flink/alert/listWithOutPage" => Ok(self.list_alerts()),
            "/flink/alert/send" => Ok(Reply::Data(serde_json::Value::Bool(true))),
            "/message/notice" => Ok(self.list_notices(form)),
            "/variable/post" => Ok(self.add_variable(user, form)),
            "/variable/list" => Ok(self.list_variables(form)),
            "/team/list" => Ok(self.list_teams(form)),
            "/token/create" => self.create_token(form),
            "/token/check" => Ok(self.check_token(user)),
            "/token/list" => Ok(self.list_tokens(form)),
            "/token/toggle" => Ok(self.toggle_token(form)),
            "/openapi/schema" => Self::schema(form),
            "/openapi/curl" => self.curl(user, form),
            _ => Ok(not_found(self.now, path)),
        }
    }
}

fn missing(permission: &str, user: &User) -> Option<Refusal> {
    let what = "org.apache.shiro.authz.UnauthorizedException: Subject does not have permission";
    (!permission.is_empty() && !user.may(permission)).then(|| Refusal::Thrown(format!("{what} [{permission}]")))
}
