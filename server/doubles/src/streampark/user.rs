//! Who may use the console: the seed's users and teams, and what each role may do (streampark-api §1.5).
//!
//! Invariant: a permission counts whatever team it comes from; the team of a thing is a second, separate check.

use serde_json::{Value, json};

/// A person or a service account.
#[derive(Debug, Clone)]
pub(super) struct User {
    pub(super) id: u64,
    pub(super) name: String,
    pub(super) password: String,
    pub(super) admin: bool,
    pub(super) locked: bool,
    /// Team and role, the last team first.
    pub(super) teams: Vec<(u64, Role)>,
}

/// What somebody is in a team.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// May copy, build, start and stop.
    Developer,
    /// May also delete, map and keep variables.
    TeamAdmin,
}

const DEVELOPER: [&str; 21] = [
    "app:create",
    "app:copy",
    "savepoint:delete",
    "app:start",
    "variable:depend_apps",
    "setting:view",
    "variable:view",
    "app:view",
    "app:detail",
    "app:release",
    "project:build",
    "app:update",
    "backup:delete",
    "project:update",
    "savepoint:trigger",
    "app:cancel",
    "conf:delete",
    "app:clean",
    "project:create",
    "backup:rollback",
    "project:view",
];

const TEAM_ADMIN: [&str; 11] = [
    "app:delete",
    "app:mapping",
    "variable:add",
    "variable:update",
    "variable:delete",
    "variable:show_original",
    "member:view",
    "member:add",
    "cluster:create",
    "cluster:update",
    "yarnQueue:create",
];

const ADMIN: [&str; 12] = [
    "token:view",
    "token:add",
    "token:delete",
    "user:view",
    "user:add",
    "user:update",
    "role:view",
    "team:view",
    "team:add",
    "setting:update",
    "menu:view",
    "app:clean",
];

impl Role {
    fn permissions(self) -> Vec<&'static str> {
        match self {
            Self::Developer => DEVELOPER.to_vec(),
            Self::TeamAdmin => [&DEVELOPER[..], &TEAM_ADMIN[..]].concat(),
        }
    }
}

impl User {
    pub(super) fn may(&self, permission: &str) -> bool {
        self.admin || self.teams.iter().any(|(_, role)| role.permissions().contains(&permission))
    }

    pub(super) fn is_in(&self, team: u64) -> bool {
        self.admin || self.teams.iter().any(|(own, _)| *own == team)
    }

    /// What sign-in shows: only the role of the last team (190).
    pub(super) fn shown_permissions(&self) -> Value {
        match self.teams.first() {
            _ if self.admin => {
                json!([&[Value::Null][..], &strings(&DEVELOPER), &strings(&TEAM_ADMIN), &strings(&ADMIN)].concat())
            }
            Some((_, role)) => json!(role.permissions()),
            None => json!([]),
        }
    }

    pub(super) fn json(&self, made: &str, last_login: Value) -> Value {
        json!({
            "userId": self.id.to_string(), "username": self.name, "password": "********", "email": null,
            "userType": if self.admin { "ADMIN" } else { "USER" }, "loginType": "PASSWORD",
            "status": if self.locked { "0" } else { "1" }, "createTime": made, "modifyTime": made,
            "lastLoginTime": last_login, "sex": "0", "description": null, "oldPassword": null, "createTimeFrom": null,
            "createTimeTo": null, "id": format!("Wv0fINRJ0c5loelL{:04}", self.id % 10_000), "salt": "********", "nickName": "",
            "lastTeamId": self.teams.first().map(|(team, _)| team.to_string()),
        })
    }
}

fn strings(words: &[&str]) -> Vec<Value> {
    words.iter().map(|word| json!(word)).collect()
}

/// The users of a fresh console; all passwords are `streampark`.
pub(super) fn seed() -> Vec<User> {
    let user = |id, name: &str, admin, teams| User {
        id,
        name: name.to_owned(),
        password: "streampark".to_owned(),
        admin,
        locked: false,
        teams,
    };
    vec![
        user(100_000, "admin", true, vec![(100_000, Role::TeamAdmin)]),
        user(100_001, "test1", false, vec![(100_000, Role::Developer), (100_001, Role::TeamAdmin)]),
        user(100_002, "test2", false, vec![(100_000, Role::Developer)]),
        user(100_003, "test3", false, vec![(100_001, Role::TeamAdmin)]),
    ]
}

/// The teams of a fresh console: id, name, description.
pub(super) const TEAMS: [(u64, &str, &str); 2] =
    [(100_001, "test", "The test team"), (100_000, "default", "The default team")];
