//! What stands beside applications: teams, variables, alerts, messages, the description of the open API.
//!
//! Invariant: only what was recorded is here; other paths of the real console answer 404.

use serde_json::{Value, json};

use super::answer::{Refusal, Reply, Said, long};
use super::clock::china;
use super::form::Form;
use super::list::page;
use super::user::TEAMS;
use super::world::{Variable, World};

fn team(made: &str, (id, name, description): (u64, &str, &str)) -> Value {
    json!({
        "id": long(id), "teamName": name, "description": description, "createTime": made, "modifyTime": made,
        "createTimeFrom": null, "createTimeTo": null,
    })
}

impl World {
    /// `POST /team/list`.
    pub(super) fn list_teams(&self, form: &Form) -> Reply {
        let rows = TEAMS.iter().map(|one| team(&china(self.born), *one)).collect();
        Reply::Data(page(rows, form, "create_time", false))
    }

    /// `POST /member/teams`: for anybody (020 199).
    pub(super) fn member_teams(&self, form: &Form) -> Reply {
        let user = self.users.iter().find(|user| Some(user.id) == form.id("userId"));
        let teams = TEAMS.iter().rev().filter(|(id, _, _)| user.is_some_and(|user| user.is_in(*id)));
        Reply::Data(Value::Array(teams.map(|one| team(&china(self.born), *one)).collect()))
    }

    /// `POST /variable/post`.
    pub(super) fn add_variable(&mut self, user: u64, form: &Form) -> Reply {
        let text = |key: &str| form.text(key).unwrap_or_default().to_owned();
        self.variables.push(Variable {
            team: form.id("teamId").unwrap_or_default(),
            user,
            code: text("variableCode"),
            value: text("variableValue"),
            description: form.text("description").map(str::to_owned),
            masked: form.yes("desensitization"),
            made: self.now,
        });
        Reply::Nothing
    }

    /// `POST /variable/list`: masked ones as stars.
    pub(super) fn list_variables(&self, form: &Form) -> Reply {
        let own = self.variables.iter().enumerate().filter(|(_, variable)| Some(variable.team) == form.id("teamId"));
        let rows = own.map(|(at, variable)| {
            let value = if variable.masked { "********" } else { variable.value.as_str() };
            json!({
                "id": (at + 1).to_string(), "variableCode": variable.code, "variableValue": value,
                "description": variable.description, "creatorId": long(variable.user), "creatorName": null,
                "teamId": long(variable.team), "desensitization": variable.masked, "createTime": china(variable.made),
                "modifyTime": china(variable.made),
            })
        });
        Reply::Data(Value::Array(rows.collect()))
    }

    /// `POST /flink/alert/add`: the one call with a body of JSON (263).
    pub(super) fn add_alert(&mut self, body: &Value) -> Reply {
        let id = self.alerts.len() + 1;
        let params = |key: &str| match &body[key] {
            Value::Null => Value::Null,
            value => json!(value.to_string()),
        };
        self.alerts.push(json!({
            "id": id.to_string(), "userId": null, "alertName": body["alertName"], "alertType": body["alertType"],
            "emailParams": params("emailParams"), "dingTalkParams": params("dingTalkParams"),
            "weComParams": params("weComParams"), "httpCallbackParams": params("httpCallbackParams"),
            "larkParams": params("larkParams"), "createTime": null, "modifyTime": null,
        }));
        Reply::Data(Value::Bool(true))
    }

    /// `POST /flink/alert/listWithOutPage`.
    pub(super) fn list_alerts(&self) -> Reply {
        Reply::Data(Value::Array(self.alerts.clone()))
    }

    /// `POST /message/notice` (260).
    pub(super) fn list_notices(&self, form: &Form) -> Reply {
        let rows = self.notices.iter().enumerate().rev().map(|(at, notice)| {
            json!({
                "id": (at + 1).to_string(), "appId": notice.app.to_string(), "userId": notice.user.to_string(),
                "title": notice.title, "type": 1, "context": notice.text, "isRead": false,
                "createTime": china(notice.made),
            })
        });
        Reply::Data(page(rows.collect(), form, "create_time", false))
    }

    /// `POST /openapi/schema` (182).
    pub(super) fn schema(form: &Form) -> Said {
        let (url, fields) = match form.text("name") {
            Some("flinkStart") => ("/openapi/app/start", &START_FIELDS[..]),
            Some("flinkCancel") => ("/openapi/app/cancel", &CANCEL_FIELDS[..]),
            _ => return Err(Refusal::Thrown("java.lang.IllegalArgumentException: Unsupported api".to_owned())),
        };
        let field = |(name, kind, required, description, default): &(&str, &str, bool, &str, &str)| json!({"name": name, "type": kind, "required": required, "description": description, "defaultValue": default});
        let header = ("Authorization", "string", true, "Access authorization token", "");
        Ok(Reply::Data(json!({
            "url": url, "method": "POST", "header": [field(&header)],
            "schema": fields.iter().map(field).collect::<Vec<_>>(),
        })))
    }

    /// `POST /openapi/curl` (184).
    pub(super) fn curl(&self, user: u64, form: &Form) -> Said {
        let none = || Refusal::null("AccessToken.getToken()", "accessToken");
        let token = self.access_token(user).ok_or_else(none)?;
        let base = form.text("baseUrl").unwrap_or_default();
        let app = form.text("appId").unwrap_or_default();
        Ok(Reply::Data(json!(format!(
            "curl -X POST '{base}/openapi/app/start' \\\n-H 'Authorization: {token}' \\\n-H 'Content-Type: \
             application/x-www-form-urlencoded; charset=UTF-8' \\\n--data-urlencode 'id={app}' \\\n-i"
        ))))
    }
}

type Field = (&'static str, &'static str, bool, &'static str, &'static str);

const START_FIELDS: [Field; 5] = [
    ("id", "integer(int64)", true, "current flink application id", ""),
    ("argument", "string", false, "flink program run argument", ""),
    ("restoreFromSavepoint", "boolean", false, "restored app from the savepoint or checkpoint", "false"),
    ("savepointPath", "string", false, "savepoint or checkpoint path", ""),
    ("allowNonRestored", "boolean", false, "ignore savepoint if cannot be restored", "false"),
];

const CANCEL_FIELDS: [Field; 4] = [
    ("id", "integer(int64)", true, "current flink application id", ""),
    ("triggerSavepoint", "boolean", false, "trigger savepoint before taking stopping", "false"),
    ("savepointPath", "string", false, "savepoint path", ""),
    ("drain", "boolean", false, "send max watermark before canceling", "false"),
];
