//! Brings the double into the state in which something was recorded.

use std::collections::BTreeMap;
use std::time::Duration;

use doubles::flink::checkpoint::Saved;
use doubles::flink::{Break, Flink, Memory};
use serde_json::{Value, json};

use crate::client::{Client, args_in, content_type, shop};

/// One step towards that state.
#[derive(Clone, Copy)]
pub enum Step {
    /// Something in the world or the cluster changes.
    Do(fn(&mut Memory)),
    /// The job of the recording begins, by the id and name in it, with these tables.
    Start(&'static [&'static str]),
    /// The same with so many tasks of each kind.
    Wide(&'static [&'static str], u32),
    /// The same, told another zone.
    Zone(&'static str),
    /// It begins where an earlier one was, from a savepoint of this address.
    Resumed(&'static [&'static str], &'static str),
    /// Another job begins, by its name and id.
    Other(&'static str, &'static str),
    /// A job before it had these tables, the same arguments otherwise; its savepoint lies where the recording says.
    Before(&'static [&'static str]),
    /// Time goes by, in milliseconds.
    Wait(u64),
    /// The job is stopped; the request's id takes the place of the one in the recording.
    Stop(&'static str),
    /// A savepoint is asked for.
    Save,
    /// The recorded request was sent once before.
    Sent,
    /// The job is cancelled.
    Cancel,
    /// The JobManager ends, and another begins.
    Restart,
    /// A jar was uploaded.
    Upload,
}

/// A recorded exchange.
pub struct Recording {
    pub method: String,
    pub path: String,
    pub body: Option<Value>,
    pub status: u16,
    pub answer: Value,
}

impl Recording {
    pub fn read(text: &str) -> Self {
        let whole: Value = serde_json::from_str(text).expect("JSON");
        let (method, path) = whole["request"].as_str().and_then(|line| line.split_once(' ')).expect("a request");
        Self {
            method: method.to_owned(),
            path: path.to_owned(),
            body: whole.get("requestBody").cloned(),
            status: whole["status"].as_u64().and_then(|status| status.try_into().ok()).expect("a status"),
            answer: whole["body"].clone(),
        }
    }

    /// The id of the job in it: of its path, its request, or its answer.
    fn job(&self) -> String {
        let path = self.path.split(['/', '?']).nth(2).filter(|part| part.len() == 32);
        let asked = self.body.as_ref().and_then(|body| body["jobId"].as_str());
        let listed = self.answer["jobs"][0]["jid"].as_str();
        path.or(asked).or(listed).unwrap_or("11112222333344445555666677778888").to_owned()
    }

    fn name(&self) -> String {
        let asked = self.body.as_ref().and_then(|body| body["flinkConfiguration"]["pipeline.name"].as_str());
        let listed = self.answer["jobs"][0]["name"].as_str();
        let planned = self.answer["plan"]["name"].as_str();
        self.answer["name"].as_str().or(asked).or(listed).or(planned).unwrap_or("job").to_owned()
    }
}

/// A double on its way, with what the request needs of it.
pub struct Stage {
    pub flink: Flink,
    pub client: Client,
    zone: &'static str,
    path: String,
}

impl Stage {
    pub async fn of(recording: &Recording, steps: &[Step]) -> Self {
        let flink = Flink::start().await;
        shop(&flink);
        let client = Client::of(&flink).await;
        let mut path = recording.path.replace(":jarid", &client.jar);
        if recording.method == "DELETE" {
            path = format!("/jars/{}", client.jar);
        }
        let mut stage = Self { flink, client, zone: "UTC", path };
        for step in steps {
            stage.take(recording, *step).await;
        }
        stage
    }

    async fn take(&mut self, recording: &Recording, step: Step) {
        let id = recording.job();
        match step {
            Step::Do(what) => what(&mut self.flink.memory()),
            Step::Zone(zone) => self.zone = zone,
            Step::Start(tables) => self.start(recording, tables, 1).await,
            Step::Wide(tables, parallelism) => self.start(recording, tables, parallelism).await,
            Step::Resumed(tables, path) => {
                let saved =
                    Saved { id: 85, savepoint: true, uid_suffix: Some("lakegate".into()), tables: BTreeMap::new() };
                self.flink.memory().disk.keep(path, saved);
                let more = json!({ "jobId": id, "savepointPath": path });
                self.client.start(&recording.name(), tables, &more).await;
            }
            Step::Other(name, id) => {
                self.client.start(name, &["products", "reviews"], &json!({ "jobId": id })).await;
            }
            Step::Before(tables) => self.before(recording, tables).await,
            Step::Wait(millis) => self.flink.advance(Duration::from_millis(millis)),
            Step::Stop(folder) => {
                let body = json!({ "targetDirectory": folder, "drain": false });
                self.ask(&format!("/jobs/{id}/stop"), &body).await;
            }
            Step::Save => self.ask(&format!("/jobs/{id}/savepoints"), &json!({ "cancel-job": false })).await,
            Step::Sent => {
                self.send(recording).await;
            }
            Step::Cancel => {
                self.flink.memory().cancel(&id);
            }
            Step::Restart => self.flink.restart(),
            Step::Upload => {
                self.client.upload("paimon-launcher.jar").await;
            }
        }
    }

    async fn start(&mut self, recording: &Recording, tables: &[&str], parallelism: u32) {
        let name = recording.name();
        let more = json!({
            "jobId": recording.job(),
            "parallelism": parallelism,
            "programArgsList": args_in(self.zone, &name, tables),
        });
        self.client.start(&name, tables, &more).await;
        self.name_writer(recording);
    }

    /// The id of a vertex follows from the graph; the one of the double takes the place of the recorded one.
    fn name_writer(&mut self, recording: &Recording) {
        let memory = self.flink.memory();
        let job = memory.job(&recording.job()).expect("it has just begun");
        let asked = recording.path.split('/').nth(4).filter(|_| recording.path.contains("Writer___orders"));
        if let Some(asked) = asked {
            let writer = doubles::flink::plan::vertices(job).into_iter().find(|vertex| vertex.name.contains("orders"));
            self.path = self.path.replace(asked, &writer.expect("a writer").id);
        }
    }

    /// The job that was there before, by the recorded arguments with other tables.
    async fn before(&mut self, recording: &Recording, tables: &[&str]) {
        let mut body = recording.body.clone().expect("a run");
        let asked = body["savepointPath"].take().as_str().expect("a place").to_owned();
        let args = body["programArgsList"].as_array_mut().expect("arguments");
        let at = args.iter().position(|arg| arg == "--including_tables").expect("tables");
        args[at + 1] = tables.join("|").into();
        let fields = body.as_object_mut().expect("an object");
        fields.retain(|key, _| key != "savepointPath" && key != "jobId");
        let answer = self.client.call("POST", &format!("/jars/{}/run", self.client.jar), Some(&body)).await;
        let answer: Value = answer.expect("an answer").json().await.expect("JSON");
        self.flink.advance(Duration::from_mins(1));
        let path = self.client.stop(&self.flink, answer["jobid"].as_str().expect("an id")).await.expect("a savepoint");
        let mut memory = self.flink.memory();
        let saved: Saved = memory.disk.get(&path).expect("it lies there").clone();
        memory.disk.keep(&asked, saved);
    }

    async fn ask(&mut self, path: &str, body: &Value) {
        let answer = self.client.call("POST", path, Some(body)).await.expect("an answer");
        assert_eq!(answer.status().as_u16(), 202);
        let id = answer.json::<Value>().await.expect("JSON")["request-id"].as_str().expect("an id").to_owned();
        if let Some((before, _)) = self.path.split_once("/savepoints/") {
            self.path = format!("{before}/savepoints/{id}");
        }
    }

    /// Sends the request of the recording: status, type and body of the answer.
    pub async fn send(&self, recording: &Recording) -> (u16, String, Value) {
        if recording.path == "/jars/upload" {
            let name = if recording.status == 200 { "paimon-launcher.jar" } else { "readme.txt" };
            return self.client.upload(name).await;
        }
        let answer = self.client.call(&recording.method, &self.path, recording.body.as_ref()).await.expect("an answer");
        (answer.status().as_u16(), content_type(&answer), answer.json().await.expect("JSON"))
    }
}

/// A record that no writer takes.
pub fn corrupt() -> Break {
    Break::corrupt_record(
        "+I {id=7812, order_id=7812, paid_at=2025-01-01 02:10:12.000000, method=card, raw=��{������\u{1a}��{\u{1a}�\u{1a}, fee=23.436}",
    )
}
