//! A client for the tests of Flink's double, and a shop that tables come from.

use doubles::flink::Flink;
use serde_json::{Value, json};

/// Tables of the recordings.
pub fn shop(flink: &Flink) {
    let mut memory = flink.memory();
    let world = &mut memory.world;
    for (table, rows) in [("orders", 200_000), ("customers", 20_000), ("products", 5_000), ("reviews", 30_000)] {
        world.add("shop", table, rows);
    }
    for (table, rows) in [("order_items", 3_000), ("payments", 10_000), ("customer_tags", 500)] {
        world.add("shop", table, rows);
    }
    world.add("shop", "events_nopk", 1_000).primary_key = false;
    world.add("shop", "uuid_things", 10).unknown_type = true;
}

/// Rows of a table in the lake.
pub fn rows(flink: &Flink, table: &str) -> Option<u64> {
    flink.memory().world.lake("file:///warehouse", "ods", table).map(|lake| lake.rows)
}

/// Arguments that Lakegate would write, with numbers that follow from the name of the job.
pub fn args(name: &str, tables: &[&str]) -> Vec<String> {
    args_in("UTC", name, tables)
}

/// The same for a job that is told another zone.
pub fn args_in(zone: &str, name: &str, tables: &[&str]) -> Vec<String> {
    let number = 5_400 + 10 * name.bytes().map(u32::from).sum::<u32>();
    let pairs = [
        ("--warehouse", "file:///warehouse".to_owned()),
        ("--database", "ods".into()),
        ("--including_tables", format!("^({})$", tables.join("|"))),
        ("--mode", "divided".into()),
        ("--type_mapping", "tinyint1-not-bool,to-nullable".into()),
        ("--mysql_conf", "hostname=127.0.0.1".into()),
        ("--mysql_conf", "port=6033".into()),
        ("--mysql_conf", "username=cdc".into()),
        ("--mysql_conf", "password=secret".into()),
        ("--mysql_conf", "database-name=shop".into()),
        ("--mysql_conf", format!("server-id={number}-{}", number + 3)),
        ("--mysql_conf", format!("server-time-zone={zone}")),
        ("--table_conf", "bucket=1".into()),
        ("--table_conf", "sink.operator-uid.suffix=lakegate".into()),
    ];
    let flat = pairs.into_iter().flat_map(|(flag, value)| [flag.to_owned(), value]);
    ["mysql_sync_database".to_owned()].into_iter().chain(flat).collect()
}

/// Talks to a double, and has uploaded a jar.
#[derive(Clone)]
pub struct Client {
    pub http: reqwest::Client,
    pub url: String,
    pub jar: String,
}

impl Client {
    pub async fn of(flink: &Flink) -> Self {
        rustls::crypto::ring::default_provider().install_default().ok();
        let http = reqwest::Client::new();
        let client = Self { http, url: flink.url(), jar: String::new() };
        let uploaded = client.upload("paimon-launcher.jar").await.2;
        let jar = uploaded["filename"].as_str().and_then(|path| path.rsplit('/').next());
        Self { jar: jar.expect("the id of a jar").to_owned(), ..client }
    }

    pub async fn upload(&self, name: &str) -> (u16, String, Value) {
        let part = reqwest::multipart::Part::bytes(vec![b'P', b'K']).file_name(name.to_owned());
        let form = reqwest::multipart::Form::new().part("jarfile", part);
        let answer =
            self.http.post(format!("{}/jars/upload", self.url)).multipart(form).send().await.expect("an answer");
        (answer.status().as_u16(), content_type(&answer), answer.json().await.expect("JSON"))
    }

    pub async fn call(&self, method: &str, path: &str, body: Option<&Value>) -> Option<reqwest::Response> {
        let method = method.parse().expect("a method");
        let request = self.http.request(method, format!("{}{path}", self.url));
        let request = if let Some(body) = body { request.json(body) } else { request };
        request.send().await.ok()
    }

    pub async fn text(&self, path: &str) -> Option<String> {
        self.call("GET", path, None).await?.text().await.ok()
    }

    pub async fn get(&self, path: &str) -> Value {
        let text = self.text(path).await.expect("an answer");
        serde_json::from_str(&text).expect("JSON")
    }

    pub async fn try_start(&self, name: &str, tables: &[&str], more: &Value) -> Option<(u16, Value)> {
        let mut body = json!({
            "entryClass": "org.apache.paimon.flink.action.FlinkActions",
            "programArgsList": args(name, tables),
            "flinkConfiguration": { "pipeline.name": name },
        });
        for (key, value) in more.as_object().expect("an object") {
            body[key] = value.clone();
        }
        let answer = self.call("POST", &format!("/jars/{}/run", self.jar), Some(&body)).await?;
        Some((answer.status().as_u16(), answer.json().await.ok()?))
    }

    pub async fn start(&self, name: &str, tables: &[&str], more: &Value) -> String {
        let (status, body) = self.try_start(name, tables, more).await.expect("an answer");
        assert_eq!(status, 200, "{body}");
        body["jobid"].as_str().expect("an id").to_owned()
    }

    /// Stops a job with a savepoint; where it lies, or why it does not.
    pub async fn stop(&self, flink: &Flink, id: &str) -> Result<String, String> {
        let answer = self.call("POST", &format!("/jobs/{id}/stop"), Some(&json!({ "drain": false }))).await;
        let answer = answer.expect("an answer");
        assert_eq!(answer.status().as_u16(), 202);
        let request = answer.json::<Value>().await.expect("JSON")["request-id"].as_str().expect("an id").to_owned();
        flink.advance(std::time::Duration::from_secs(1));
        let poll = self.get(&format!("/jobs/{id}/savepoints/{request}")).await;
        assert_eq!(poll["status"]["id"], "COMPLETED");
        let failure = poll["operation"]["failure-cause"]["stack-trace"].as_str().map(str::to_owned);
        failure.map_or_else(|| Ok(poll["operation"]["location"].as_str().expect("a place").to_owned()), Err)
    }

    /// Tables and what REST says was read of them.
    pub async fn read_records(&self, id: &str) -> Vec<(String, u64)> {
        let job = self.get(&format!("/jobs/{id}")).await;
        let vertices = job["vertices"].as_array().expect("vertices").iter();
        let of = |vertex: &Value| {
            let table = vertex["name"].as_str()?.strip_prefix("Writer : ")?.split(" ->").next()?.to_owned();
            Some((table, vertex["metrics"]["read-records"].as_u64()?))
        };
        vertices.filter_map(of).collect()
    }
}

/// The type of an answer's body, as its header says.
pub fn content_type(answer: &reqwest::Response) -> String {
    answer.headers().get("content-type").and_then(|kind| kind.to_str().ok()).unwrap_or_default().to_owned()
}
