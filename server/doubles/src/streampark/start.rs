//! Starting: accepted at once, submitted later, by a second way if the first fails (streampark-api §6, §12.2).
//!
//! Invariant: `start` looks at the state once and writes it later, so that starts at the same moment all run (162).

use std::collections::BTreeMap;

use domain::args::streampark::tokenise;
use serde_json::{Value, json};

use super::answer::{Refusal, Reply, null_pointer, stack};
use super::app::App;
use super::build::UNAVAILABLE;
use super::cluster::Plan;
use super::fault::Fault;
use super::form::Form;
use super::world::{Event, World};

pub(super) const START: &str = "/flink/app/start";

/// A start that was accepted.
#[derive(Debug, Clone)]
pub(super) struct Begun {
    app: u64,
    epoch: u64,
    at: i64,
    plan: Plan,
}

impl World {
    /// The first half of `start`: an answer when it may not be started.
    pub(super) fn start_check(&self, form: &Form) -> Option<Reply> {
        let no = |message: String| Some(Reply::Soft(Some(message)));
        let Some(app) = form.id("id").and_then(|id| self.apps.get(&id)) else {
            let thrown = stack(&null_pointer("Application.getVersionId()", "application"));
            return no(format!("Detail exception: \n{thrown}"));
        };
        if !self.cluster.reachable() {
            return no(format!("Detail exception: \n{}", stack(UNAVAILABLE)));
        }
        if !app.can_be_started() {
            return no("[StreamPark] The application cannot be started repeatedly.".to_owned());
        }
        app.pipeline.is_none().then_some(Reply::Soft(None))
    }

    /// The second half of `start`: the row says STARTING, the submit follows.
    pub(super) fn start(&mut self, form: &Form) -> Reply {
        let Some(id) = form.id("id").filter(|id| self.apps.contains_key(id)) else {
            return Reply::Soft(None);
        };
        let restore = form.yes("restoreOrTriggerSavepoint");
        let path = form.text("savepointPath").map(str::trim).filter(|path| !path.is_empty()).map(str::to_owned);
        let savepoint = if restore { path.or_else(|| self.latest_savepoint(id)) } else { None };
        let args = form.text("args").filter(|args| !args.is_empty()).map(str::to_owned);
        self.begin(id, args, savepoint, form.yes("allowNonRestored"));
        if let Some(app) = self.apps.get_mut(&id) {
            app.restarts = Some(0);
        }
        Reply::Data(Value::Bool(true))
    }

    fn begin(&mut self, id: u64, one_shot: Option<String>, savepoint: Option<String>, allow: bool) {
        let now = self.now;
        let Some(app) = self.apps.get_mut(&id) else { return };
        app.to(3);
        app.tracking = true;
        app.url = None;
        app.optioned = Some(now);
        let epoch = app.epoch;
        let args = one_shot.or_else(|| app.settings.args.clone()).unwrap_or_default();
        let plan = Plan {
            name: app.name().to_owned(),
            main_class: app.settings.main_class.clone().unwrap_or_default(),
            args: vec![args],
            settings: settings(app),
            savepoint,
            allow_non_restored: allow,
        };
        let begun = Begun { app: id, epoch, at: now, plan };
        if self.faults.take(now, START, |fault| *fault == Fault::NeverRuns).is_some() {
            return;
        }
        let twice = self.faults.take(now, START, |fault| *fault == Fault::Twice).is_some();
        let wait = self.times.submit;
        self.after(wait, Event::Submit(Box::new(begun.clone())));
        if twice {
            self.after(wait, Event::Submit(Box::new(begun)));
        }
    }

    /// The console starts a job that failed while running, as often as `restartSize` says and once more (316).
    pub(super) fn start_again(&mut self, id: u64, epoch: u64) {
        let Some(app) = self.apps.get_mut(&id).filter(|app| app.epoch == epoch && app.state == 7) else { return };
        app.restarts = Some(app.restarts.unwrap_or_default() + 1);
        self.begin(id, None, None, false);
    }

    /// The program runs and Flink is given its job.
    pub(super) fn submit(&mut self, begun: Begun) {
        let submitted = self.submitted(&begun);
        let now = self.now;
        let (address, memory) = (self.cluster.address(), (1600, 2400));
        let Some(app) = self.apps.get_mut(&begun.app).filter(|app| app.epoch == begun.epoch) else { return };
        let failure = match submitted {
            Ok(job) => {
                app.to(3);
                app.tracking = true;
                app.job = Some(job);
                app.url = Some(address);
                app.start = Some(now);
                app.end = None;
                app.option = 0;
                app.optioned = Some(begun.at);
                app.memory = Some(memory);
                None
            }
            Err(thrown) => {
                app.end_in(7);
                Some(thrown)
            }
        };
        let app = app.clone();
        self.log(&app, 1, begun.at, failure);
        self.watch_soon();
    }

    fn submitted(&self, begun: &Begun) -> Result<String, String> {
        let app = self.apps.get(&begun.app);
        let of = app.map(|app| app.team);
        let own = self.variables.iter().filter(|one| Some(one.team) == of);
        let variables: BTreeMap<String, String> = own.map(|one| (one.code.clone(), one.value.clone())).collect();
        let mut plan = begun.plan.clone();
        let line = plan.args.join(" ");
        let no_end = "java.lang.StringIndexOutOfBoundsException: begin 1, end 0, length 1";
        plan.args = tokenise(&line, &variables)
            .map_err(|_| failure(&[no_end.to_owned()], "status code: 400, reason phrase: Bad Request"))?;
        let class = format!("The program's entry point class '{}' was not found in the jar file.", plan.main_class);
        let first = if app.is_none_or(|app| app.jar_full) {
            self.cluster.submit(&plan)
        } else {
            Err(vec![format!("{INVOCATION}: {class}")])
        };
        first.or_else(|first| {
            let again = Plan { args: respelled(&plan.args), name: String::new(), settings: BTreeMap::new(), ..plan };
            self.cluster.run_jar(&again).map_err(|second| failure(&first, &second))
        })
    }
}

/// The settings a job is given: `options`, then `dynamicProperties`; name and id are the console's (463).
fn settings(app: &App) -> BTreeMap<String, String> {
    let mut settings = BTreeMap::new();
    let options: Value =
        app.settings.options.as_deref().and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default();
    for (key, value) in options.as_object().into_iter().flatten() {
        settings.insert(key.clone(), value.as_str().map_or_else(|| value.to_string(), str::to_owned));
    }
    for property in app.settings.dynamic_properties.as_deref().unwrap_or_default().split("-D") {
        if let Some((key, value)) = property.trim().split_once('=') {
            settings.insert(key.trim().to_owned(), value.trim().to_owned());
        }
    }
    settings.remove("$internal.pipeline.job-id");
    settings.insert("pipeline.name".to_owned(), app.name().to_owned());
    settings
}

/// What the program is told on the second way: joined by blanks and parted again without quotes, other letters than
/// Latin ones lost (462).
fn respelled(args: &[String]) -> Vec<String> {
    let line = args.join(" ").replace(['"', '\''], "");
    let line: String = line.chars().map(|letter| if letter.is_ascii() { letter } else { '?' }).collect();
    line.split_whitespace().map(str::to_owned).collect()
}

const INVOCATION: &str = "org.apache.flink.client.program.ProgramInvocationException";

/// The text of both failures, as the option log holds it (136 262 496).
fn failure(first: &[String], second: &str) -> String {
    let outermost = first.first().map_or("", String::as_str);
    let mut head = outermost.to_owned();
    if !outermost.starts_with(INVOCATION) {
        let message = outermost.split_once(": ").map_or(outermost, |(_, message)| message);
        head = format!("{INVOCATION}: The main method caused an error: {message}\n\tat {CALLED}");
        for cause in first {
            head = format!("{head}\nCaused by: {cause}\n\tat {CALLED}");
        }
    }
    let line = "------------------------------------------------------------------";
    format!(
        "java.util.concurrent.CompletionException: java.lang.reflect.InvocationTargetException\n\tat \
         java.base/java.util.concurrent.CompletableFuture.encodeThrowable(CompletableFuture.java:315)\nCaused by: \
         java.lang.reflect.InvocationTargetException\n\tat java.base/java.lang.reflect.Method.invoke(Method.java:569)\nCaused \
         by: java.lang.RuntimeException: \n\n[flink-submit] Both JobGraph submit plan and Rest API submit plan all \
         failed!\nJobGraph Submit plan failed detail:\n{line}\n{head}\n\n{line}\n\n RestAPI Submit plan failed detail:\n \
         {line}\norg.apache.hc.client5.http.HttpResponseException: {second}\n\n{line}\n"
    )
}

const CALLED: &str = "org.apache.flink.client.program.PackagedProgram.callMainMethod(PackagedProgram.java:373)";

impl World {
    /// `POST /openapi/app/start`: the same with other names, and no is HTTP 500 (177 179 185).
    pub(super) fn open_start_check(&self, form: &Form) -> Result<(), Refusal> {
        let Some(app) = form.id("id").and_then(|id| self.apps.get(&id)) else {
            return Err(Refusal::null("Application.getVersionId()", "application"));
        };
        let what = "[StreamPark] The application cannot be started repeatedly.";
        if app.can_be_started() { Ok(()) } else { Err(Refusal::Alert(what.to_owned())) }
    }

    /// `POST /flink/app/check_start`: only YARN is ever looked at.
    pub(super) fn check_start(&self, form: &Form) -> Reply {
        let known = form.id("id").is_some_and(|id| self.apps.contains_key(&id));
        Reply::Data(json!(if known { 0 } else { 4 }))
    }
}
