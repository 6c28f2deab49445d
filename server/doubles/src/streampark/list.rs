//! Lists: filters, order and pages, with what is odd about them (streampark-api §2, §3.2; 301 302).
//!
//! Invariant: without a second sort key rows of one second change places between pages; sorted by id nothing is lost.

use serde_json::{Value, json};

use super::answer::{Refusal, Reply, Said};
use super::app::{App, Listed};
use super::fault::Fault;
use super::form::Form;
use super::world::World;

/// The columns of an application a list can be sorted by.
const COLUMNS: [&str; 12] = [
    "id",
    "job_name",
    "create_time",
    "modify_time",
    "option_time",
    "start_time",
    "end_time",
    "state",
    "release",
    "duration",
    "user_id",
    "tracking",
];

/// A page of rows already in order.
pub(super) fn page(rows: Vec<Value>, form: &Form, column: &str, ascending: bool) -> Value {
    let size = form.int("pageSize").unwrap_or(10);
    let current = form.int("pageNum").unwrap_or(1);
    let total = i64::try_from(rows.len()).unwrap_or(i64::MAX);
    let all = size < 0;
    let from = usize::try_from((current.max(1) - 1).saturating_mul(size)).unwrap_or_default();
    let count = usize::try_from(size).unwrap_or_default();
    let records: Vec<Value> = if all { rows } else { rows.into_iter().skip(from).take(count).collect() };
    let pages = if size > 0 { (total + size - 1) / size } else { 0 };
    json!({
        "records": records, "total": (if all { 0 } else { total }).to_string(), "size": size.to_string(),
        "current": current.to_string(), "orders": [{"column": column, "asc": ascending}], "optimizeCountSql": true,
        "searchCount": true, "maxLimit": null, "countId": null, "pages": pages.to_string(),
    })
}

/// `LIKE %pattern%`, where `_` and `%` mean more than themselves.
pub(super) fn like(text: &str, pattern: &str) -> bool {
    let pattern: Vec<char> = format!("%{pattern}%").chars().collect();
    let mut reached = vec![false; pattern.len() + 1];
    reached[0] = true;
    skip_many(&pattern, &mut reached);
    for letter in text.chars() {
        let mut next = vec![false; pattern.len() + 1];
        for (at, sign) in pattern.iter().enumerate().filter(|(at, _)| reached[*at]) {
            match sign {
                '%' => next[at] = true,
                '_' => next[at + 1] = true,
                sign => next[at + 1] |= *sign == letter,
            }
        }
        skip_many(&pattern, &mut next);
        reached = next;
    }
    reached[pattern.len()]
}

/// A `%` also stands for nothing.
fn skip_many(pattern: &[char], reached: &mut [bool]) {
    for (at, sign) in pattern.iter().enumerate() {
        if *sign == '%' && reached[at] {
            reached[at + 1] = true;
        }
    }
}

/// Which rows a list is asked for.
fn wanted(app: &App, form: &Form) -> bool {
    let is = |key: &str, value: i64| form.int(key).is_none_or(|asked| asked == 0 || asked == value);
    let contains = |key: &str, text: Option<&str>| {
        form.text(key).filter(|asked| !asked.is_empty()).is_none_or(|asked| text.is_some_and(|text| like(text, asked)))
    };
    let one_of = |key: &str, value: i64| {
        let asked: Vec<i64> = form.all(key).iter().filter_map(|text| text.parse().ok()).collect();
        asked.is_empty() || asked.contains(&value) || (value == 19 && asked.contains(&10))
    };
    Some(app.team) == form.id("teamId")
        && contains("jobName", app.settings.name.as_deref())
        && contains("tags", app.settings.tags.as_deref())
        && contains("projectName", None)
        && is("state", app.state)
        && is("jobType", app.job_type)
        && is("executionMode", app.settings.execution_mode)
        && form.id("userId").is_none_or(|user| user == app.user)
        && one_of("stateArray", app.state)
        && one_of("jobTypeArray", app.job_type)
}

/// The column and direction asked for, or why not.
fn order(form: &Form) -> Result<(String, bool), Refusal> {
    let Some(field) = form.text("sortField").filter(|field| !field.is_empty()) else {
        return Ok(("create_time".to_owned(), false));
    };
    if !field.chars().all(|letter| letter.is_ascii_alphanumeric() || letter == '_' || letter == '.') {
        let what = format!("java.lang.IllegalArgumentException: Invalid argument sortField: {field}");
        return Err(Refusal::Thrown(what));
    }
    let ascending = match form.text("sortOrder").unwrap_or("desc") {
        "asc" => true,
        "desc" | "" => false,
        other => {
            let what = format!("java.lang.IllegalArgumentException: Invalid argument sortOrder: {other}");
            return Err(Refusal::Thrown(what));
        }
    };
    let column = snake(field);
    if COLUMNS.contains(&column.as_str()) {
        return Ok((column, ascending));
    }
    let what = "org.springframework.jdbc.BadSqlGrammarException: \n### Error querying database.  Cause: \
                org.h2.jdbc.JdbcSQLSyntaxErrorException: Column";
    Err(Refusal::Thrown(format!("{what} \"{column}\" not found")))
}

fn snake(field: &str) -> String {
    let mut column = String::new();
    for letter in field.chars() {
        if letter.is_ascii_uppercase() {
            column.push('_');
        }
        column.push(letter.to_ascii_lowercase());
    }
    column
}

/// What stands in a column; texts and numbers compare as they do in the database.
fn key(app: &App, column: &str) -> (i64, String) {
    let second = |moment: Option<i64>| moment.unwrap_or(i64::MIN) / 1000;
    match column {
        "job_name" => (0, app.name().to_owned()),
        "create_time" => (second(Some(app.created)), String::new()),
        "modify_time" => (second(Some(app.modified)), String::new()),
        "option_time" => (second(app.optioned), String::new()),
        "start_time" => (second(app.start), String::new()),
        "end_time" => (second(app.end), String::new()),
        "state" => (app.state, String::new()),
        "release" => (app.release, String::new()),
        "duration" => (app.duration.unwrap_or_default(), String::new()),
        "user_id" => (i64::try_from(app.user).unwrap_or_default(), String::new()),
        "tracking" => (i64::from(app.tracking), String::new()),
        _ => (i64::try_from(app.id).unwrap_or_default(), String::new()),
    }
}

/// Where a row comes among its equals: another place on every page.
const fn place(app: &App, page: i64) -> u64 {
    app.id.wrapping_add(page.unsigned_abs().wrapping_mul(0x9E37)).wrapping_mul(0x9E37_79B9_7F4A_7C15)
}

impl World {
    /// `POST /flink/app/list`.
    pub(super) fn list(&mut self, form: &Form) -> Said {
        if form.id("teamId").is_none() {
            return Ok(Reply::Data(Value::Null));
        }
        let (column, ascending) = order(form)?;
        let apps: Vec<&App> = self.apps.values().filter(|app| wanted(app, form)).collect();
        let (current, size) = (form.int("pageNum").unwrap_or(1), form.int("pageSize").unwrap_or(10));
        let mut apps: Vec<_> = apps.into_iter().map(|app| (key(app, &column), place(app, current), app)).collect();
        apps.sort_by(|(one, here, _), (other, there, _)| {
            let order = if ascending { one.cmp(other) } else { other.cmp(one) };
            order.then(here.cmp(there))
        });
        let total = apps.len();
        let from = usize::try_from((current.max(1) - 1).saturating_mul(size)).unwrap_or_default();
        let shown = if size < 0 {
            0..total
        } else {
            from.min(total)..from.saturating_add(usize::try_from(size).unwrap_or_default()).min(total)
        };
        let apps: Vec<App> = apps[shown].iter().map(|(_, _, app)| (*app).clone()).collect();
        if apps.iter().any(App::breaks_the_list) {
            let what = "Application.getStartTime()\" is null";
            return Err(Refusal::Thrown(format!(
                "java.lang.NullPointerException: Cannot invoke \"java.util.Date.getTime()\" because the return value of \
                 \"org.apache.streampark.console.core.entity.{what}"
            )));
        }
        let older = self.faults.take(self.now, "/flink/app/list", |fault| *fault == Fault::Older).is_some();
        let records: Vec<Value> = apps.into_iter().map(|app| self.listed(app, older)).collect();
        let mut data = page(Vec::new(), form, &column, ascending);
        let total = i64::try_from(total).unwrap_or(i64::MAX);
        data["records"] = json!(records);
        data["total"] = json!((if size < 0 { 0 } else { total }).to_string());
        data["pages"] = json!((if size > 0 { (total + size - 1) / size } else { 0 }).to_string());
        Ok(Reply::Data(data))
    }

    fn listed(&self, mut app: App, older: bool) -> Value {
        if older {
            app.state = app.before;
        }
        let user = self.users.iter().find(|user| user.id == app.user).map_or("", |user| user.name.as_str());
        let flink = self.envs.iter().find(|env| Some(env.id) == app.settings.version).map(|env| env.version.as_str());
        app.json(Some(&Listed { user, flink, now: self.now }))
    }

    /// `POST /flink/app/get`: without `buildStatus`, so that nothing seems to be startable.
    pub(super) fn get(&mut self, form: &Form) -> Said {
        let older = self.faults.take(self.now, "/flink/app/get", |fault| *fault == Fault::Older).is_some();
        let app = form.id("id").and_then(|id| self.apps.get(&id));
        let mut app = app.cloned().ok_or_else(|| Refusal::null("Application.isFlinkSqlJob()", "application"))?;
        if older {
            app.state = app.before;
        }
        Ok(Reply::Data(app.json(None)))
    }

    /// `POST /flink/app/optionlog`: the newest first.
    pub(super) fn option_log(&self, form: &Form) -> Reply {
        let mut logs: Vec<_> = self.logs.iter().filter(|log| Some(log.app) == form.id("appId")).collect();
        logs.sort_by_key(|log| std::cmp::Reverse((log.at / 1000, log.id)));
        let rows = logs.into_iter().map(|log| {
            json!({
                "id": log.id.to_string(), "appId": log.app.to_string(), "yarnAppId": null, "jobManagerUrl": log.url,
                "success": log.failure.is_none(), "optionName": log.what, "optionTime": super::clock::china(log.at),
                "exception": log.failure, "teamId": null,
            })
        });
        Reply::Data(page(rows.collect(), form, "option_time", false))
    }

    /// `POST /flink/app/dashboard`: what is watched right now, nothing while Flink is away (096 289).
    pub(super) fn dashboard(&self, form: &Form) -> Said {
        let Some(team) = form.id("teamId") else {
            let what = "java.lang.NullPointerException: Cannot invoke \"java.lang.Long.equals(Object)\" because \"teamId\" is null";
            return Err(Refusal::Thrown(what.to_owned()));
        };
        let watched = self.apps.values().filter(|app| app.team == team && app.tracking && app.state == 5);
        let watched: Vec<&App> = if self.cluster.reachable() { watched.collect() } else { Vec::new() };
        let tasks: i64 = watched.iter().filter_map(|app| app.tasks).sum();
        let memory =
            watched.iter().filter_map(|app| app.memory).fold((0, 0), |sum, one| (sum.0 + one.0, sum.1 + one.1));
        Ok(Reply::Data(json!({
            "totalTM": 0, "availableSlot": 0, "totalSlot": 0, "runningJob": watched.len(), "jmMemory": memory.0,
            "tmMemory": memory.1,
            "task": {
                "total": tasks, "created": 0, "scheduled": 0, "deploying": 0, "running": tasks, "finished": 0,
                "canceling": 0, "canceled": 0, "failed": 0, "reconciling": 0,
            },
        })))
    }
}

#[cfg(test)]
mod tests {
    use super::like;

    #[test]
    fn an_underscore_stands_for_any_letter_and_a_percent_sign_for_many() {
        assert!(like("copy-ok", "copy_ok"));
        assert!(like("copy-ok", "%"));
        assert!(like("copy-ok", ""));
        assert!(like("copy-ok", "y-o"));
        assert!(!like("copy-ok", "COPY"));
        assert!(!like("copy-ok", "copy-ok "));
    }
}
