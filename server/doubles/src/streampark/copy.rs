//! New applications: `create`, `copy`, `update`, `delete`, and the check of a name (streampark-api §3.1, §3.3, §3.4).
//!
//! Invariant: nothing here looks at a name twice: two equal copies at the same moment both succeed (160).

use serde_json::{Value, json};

use super::answer::{Refusal, Reply, Said};
use super::app::{App, Settings};
use super::form::Form;
use super::world::World;

impl World {
    /// The first half of `copy`: is the name free, is there a template?
    pub(super) fn copy_check(&self, form: &Form) -> Result<(), Refusal> {
        if self
            .apps
            .values()
            .any(|app| app.settings.name.is_some() && app.settings.name.as_deref() == form.text("jobName"))
        {
            let what = "[StreamPark] Application names can't be repeated, copy application failed.";
            return Err(Refusal::Alert(what.to_owned()));
        }
        Ok(())
    }

    /// The second half of `copy`: the row is made, whatever happened in between.
    pub(super) fn copy(&mut self, user: u64, form: &Form) -> Said {
        let template = form.id("id").and_then(|id| self.apps.get(&id)).cloned();
        let template = template.ok_or_else(|| Refusal::null("Application.getExecutionModeEnum()", "persist"))?;
        let mut settings = template.settings;
        settings.name = form.text("jobName").map(str::to_owned);
        if let Some(args) = form.text("args") {
            settings.args = Some(args.to_owned());
        }
        fits(settings.name.as_deref())?;
        let id = self.next_app;
        self.next_app += 1;
        let mut app = App::new(id, template.team, user, settings, self.now);
        app.job_type = template.job_type;
        app.origin = template.origin;
        app.resource_from = template.resource_from;
        self.apps.insert(id, app);
        Ok(Reply::Data(json!({"id": id.to_string()})))
    }

    /// `POST /flink/app/create`: no look at the name, no id in the answer (043–045).
    pub(super) fn create(&mut self, user: u64, form: &Form) -> Said {
        let settings = self.settings(form, None)?;
        fits(settings.name.as_deref())?;
        let id = self.next_app;
        self.next_app += 1;
        let mut app = App::new(id, form.id("teamId").unwrap_or_default(), user, settings, self.now);
        app.job_type = form.int("jobType").unwrap_or(1);
        app.origin = form.int("appType").unwrap_or(2);
        app.resource_from = form.int("resourceFrom");
        self.apps.insert(id, app);
        Ok(Reply::Data(Value::Bool(true)))
    }

    /// What a form says an application is; what it leaves out is null.
    fn settings(&self, form: &Form, was: Option<&Settings>) -> Result<Settings, Refusal> {
        let text = |key: &str| form.text(key).map(str::to_owned);
        let jar = text("jar");
        let jar_sum = match jar.as_deref() {
            Some(name) => Some(self.jar_sum(name, was)?),
            None => None,
        };
        Ok(Settings {
            name: text("jobName").or_else(|| was.and_then(|was| was.name.clone())),
            version: form.id("versionId").or_else(|| was.and_then(|was| was.version)),
            cluster: form.id("flinkClusterId"),
            execution_mode: form.int("executionMode").unwrap_or_default(),
            jar,
            jar_sum,
            main_class: text("mainClass").or_else(|| was.and_then(|was| was.main_class.clone())),
            args: text("args"),
            options: text("options"),
            dynamic_properties: text("dynamicProperties"),
            resolve_order: form.int("resolveOrder").or_else(|| was.and_then(|was| was.resolve_order)),
            restart_size: form.int("restartSize"),
            dependency: text("dependency"),
            description: text("description"),
            tags: text("tags"),
            alert: form.id("alertId"),
            hot_params: None,
            failures: ["cpMaxFailureInterval", "cpFailureRateInterval", "cpFailureAction"].map(|key| form.int(key)),
        })
    }

    fn jar_sum(&self, name: &str, was: Option<&Settings>) -> Result<u32, Refusal> {
        let known = self.jars.get(name).map(|jar| jar.sum);
        known.or_else(|| was.and_then(|was| was.jar_sum)).ok_or_else(|| {
            Refusal::Thrown(format!(
                "java.lang.reflect.UndeclaredThrowableException\nCaused by: java.io.FileNotFoundException: File system \
                 element for parameter 'file' does not exist: '/app/temp/{name}'"
            ))
        })
    }

    /// `POST /flink/app/update`: a full replace, whatever state the application is in (225–234).
    pub(super) fn update(&mut self, form: &Form) -> Said {
        let id = form.id("id").filter(|id| self.apps.contains_key(id));
        let id = id.ok_or_else(|| Refusal::null("Application.isRunning()", "application"))?;
        if form.int("executionMode").is_none() {
            let what = "java.lang.NullPointerException: Cannot invoke \
                        \"org.apache.streampark.common.enums.ExecutionMode.ordinal()\" because the return value of \
                        \"org.apache.streampark.console.core.entity.Application.getExecutionModeEnum()\" is null";
            return Err(Refusal::Thrown(what.to_owned()));
        }
        let was = self.apps[&id].settings.clone();
        if form.text("jar").is_none() {
            let what = "java.lang.NullPointerException: Cannot invoke \"String.equals(Object)\" because the return value of \
                        \"org.apache.streampark.console.core.entity.Application.getJar()\" is null";
            return Err(Refusal::Thrown(what.to_owned()));
        }
        let settings = self.settings(form, Some(&was))?;
        let repack = settings.jar != was.jar
            || settings.jar_sum != was.jar_sum
            || settings.dependency != was.dependency
            || form.id("versionId") != was.version;
        let now = self.now;
        if let Some(app) = self.apps.get_mut(&id) {
            app.build |= repack;
            app.settings = settings;
            app.release = 1;
            app.modified = now;
        }
        Ok(Reply::Data(Value::Bool(true)))
    }

    /// `POST /flink/app/delete`: the rows, not the job (148 149).
    pub(super) fn delete(&mut self, form: &Form) -> Said {
        let gone = form.id("id").and_then(|id| self.apps.remove(&id));
        let gone = gone.ok_or_else(|| Refusal::null("Application.getId()", "application"))?;
        self.logs.retain(|log| log.app != gone.id);
        self.savepoints.retain(|savepoint| savepoint.app != gone.id);
        Ok(Reply::Data(Value::Bool(true)))
    }

    /// `POST /flink/app/checkName` (071–073): 0 free, 1 used, 4 no name at all.
    pub(super) fn check_name(&self, form: &Form) -> Said {
        let Some(name) = form.text("jobName") else {
            let what = "java.lang.NullPointerException: Cannot invoke \"String.length()\" because \"jobName\" is null";
            return Err(Refusal::Thrown(what.to_owned()));
        };
        let own = form.id("id").and_then(|id| self.apps.get(&id)).is_some_and(|app| app.name() == name);
        let used = self.apps.values().any(|app| app.settings.name.as_deref() == Some(name));
        let code = match () {
            () if !well_named(name) => 4,
            () if own => 0,
            () if used => 1,
            () => 0,
        };
        Ok(Reply::Data(json!(code)))
    }
}

fn well_named(name: &str) -> bool {
    let letter = |letter: char| {
        letter.is_ascii_alphanumeric() || matches!(letter, '.' | '_' | '-' | ' ') || ('一'..='龥').contains(&letter)
    };
    !name.is_empty() && name.chars().all(letter) && name.trim() == name && !name.contains("  ")
}

/// Whether a name fits its column (067 068).
fn fits(name: Option<&str>) -> Result<(), Refusal> {
    let long = name.is_some_and(|name| name.chars().count() > 255);
    let what = "org.springframework.dao.DataIntegrityViolationException: \n### Error updating database.  Cause: \
                org.h2.jdbc.JdbcSQLDataException: Value too long for column \"job_name CHARACTER VARYING(255)\"";
    if long { Err(Refusal::Thrown(what.to_owned())) } else { Ok(()) }
}
