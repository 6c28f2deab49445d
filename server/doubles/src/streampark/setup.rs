//! What applications stand on: Flink homes, clusters, jars (streampark-api §7.3; 030–044, 400–407, 700–703).
//!
//! Invariant: `create` never tells the id, and the address of a cluster is the one it was made with.

use serde_json::{Value, json};

use super::answer::{Refusal, Reply, Said, long, long_or_null};
use super::clock::china;
use super::form::Form;
use super::world::World;

/// A Flink home.
#[derive(Debug, Clone)]
pub(super) struct Env {
    pub(super) id: u64,
    name: String,
    home: String,
    description: Option<String>,
    pub(super) version: String,
    made: i64,
}

/// A session cluster.
#[derive(Debug, Clone)]
pub(super) struct Target {
    pub(super) id: u64,
    name: String,
    pub(super) address: String,
    version: Option<u64>,
    description: Option<String>,
    user: u64,
    made: i64,
}

/// An uploaded jar.
#[derive(Debug, Clone)]
pub(super) struct Jar {
    pub(super) sum: u32,
    main_class: Option<String>,
}

const CONF: &str = "rest.address: 127.0.0.1\nrest.port: 8081\nparallelism.default: 1\n";

impl Env {
    fn json(&self, conf: &str) -> Value {
        json!({
            "id": long(self.id), "flinkName": self.name, "flinkHome": self.home, "flinkConf": conf,
            "description": self.description, "scalaVersion": "2.12", "version": self.version,
            "isDefault": self.id == 1, "createTime": china(self.made), "streamParkScalaVersion": "2.12.18",
        })
    }
}

impl Target {
    fn json(&self) -> Value {
        json!({
            "id": long(self.id), "address": self.address, "clusterId": null, "clusterName": self.name, "executionMode": 1,
            "versionId": long_or_null(self.version), "k8sNamespace": "default", "serviceAccount": null,
            "description": self.description, "userId": long(self.user), "flinkImage": null, "options": null,
            "yarnQueue": null, "k8sHadoopIntegration": false, "dynamicProperties": null, "k8sRestExposedType": 2,
            "k8sConf": null, "resolveOrder": null, "exception": null, "clusterState": 1,
            "createTime": china(self.made), "executionModeEnum": "REMOTE", "clusterStateEnum": "STARTED",
        })
    }
}

fn next(count: usize) -> u64 {
    u64::try_from(count).unwrap_or_default() + 1
}

impl World {
    /// `POST /flink/env/check`: 0 good, 1 the name is taken, -1 no such folder.
    pub(super) fn check_env(&self, form: &Form) -> Reply {
        let taken = self.envs.iter().any(|env| Some(env.name.as_str()) == form.text("flinkName"));
        let there = form.text("flinkHome").is_some_and(|home| !home.is_empty() && !home.starts_with("/nonexistent"));
        Reply::Data(json!(if there { i64::from(taken) } else { -1 }))
    }

    /// `POST /flink/env/create`: a home without `config.yaml` passes the check and fails here (032a).
    pub(super) fn create_env(&mut self, form: &Form) -> Said {
        let home = form.text("flinkHome").unwrap_or_default().to_owned();
        if home.ends_with("noconf") {
            let what = "org.apache.streampark.console.base.exception.ApiAlertException: cannot find config.yaml in flink/conf ";
            return Err(Refusal::Detail(what.to_owned()));
        }
        self.envs.push(Env {
            id: next(self.envs.len()),
            name: form.text("flinkName").unwrap_or_default().to_owned(),
            home,
            description: form.text("description").map(str::to_owned),
            version: "1.20.5".to_owned(),
            made: self.now,
        });
        Ok(Reply::Data(Value::Bool(true)))
    }

    /// `POST /flink/env/list`: the settings deflated, or on 2.1.7 their path (033 701).
    pub(super) fn list_envs(&self) -> Reply {
        let conf = if self.profile.reads_flink_conf() {
            "eNorSi0useJSUEhMSSlKLS62UjA0MtczAEIA"
        } else {
            "/flink/conf/config.yaml"
        };
        Reply::Data(Value::Array(self.envs.iter().map(|env| env.json(conf)).collect()))
    }

    /// `POST /flink/env/get`: the settings in clear, or on 2.1.7 HTTP 500 (034 702).
    pub(super) fn get_env(&self, form: &Form) -> Said {
        let env = self.envs.iter().find(|env| Some(env.id) == form.id("id"));
        let env = env.ok_or_else(|| Refusal::null("FlinkEnv.unzipFlinkConf()", "flinkEnv"))?;
        if !self.profile.reads_flink_conf() {
            return Err(Refusal::Thrown("java.lang.IllegalArgumentException: Illegal base64 character 2d".to_owned()));
        }
        Ok(Reply::Data(env.json(CONF)))
    }

    /// `POST /flink/cluster/check`.
    pub(super) fn check_cluster(&self, form: &Form) -> Reply {
        let taken = self.targets.iter().any(|target| Some(target.name.as_str()) == form.text("clusterName"));
        let answers = self.cluster.reachable() && form.text("address") == Some(self.cluster.address().as_str());
        let (status, message) = match (taken, answers) {
            (true, _) => (1, Some("clusterName is already exists,please check!")),
            (false, false) => (3, Some("the remote cluster connection failed, please check!")),
            (false, true) => (0, None),
        };
        Reply::Data(json!({"status": status, "msg": message, "result": null}))
    }

    /// `POST /flink/cluster/create`.
    pub(super) fn create_cluster(&mut self, user: u64, form: &Form) -> Reply {
        self.targets.push(Target {
            id: next(self.targets.len()),
            name: form.text("clusterName").unwrap_or_default().to_owned(),
            address: form.text("address").unwrap_or_default().to_owned(),
            version: form.id("versionId"),
            description: form.text("description").map(str::to_owned),
            user,
            made: self.now,
        });
        Reply::Data(Value::Bool(true))
    }

    /// `POST /flink/cluster/list`: STARTED whether it answers or not (288).
    pub(super) fn list_clusters(&self) -> Reply {
        Reply::Data(Value::Array(self.targets.iter().map(Target::json).collect()))
    }

    /// `POST /flink/cluster/get` and `/remoteUrl`.
    pub(super) fn get_cluster(&self, form: &Form, only_address: bool) -> Said {
        let target = self.targets.iter().find(|target| Some(target.id) == form.id("id"));
        let target = target.ok_or_else(|| Refusal::null("FlinkCluster.getAddress()", "cluster"))?;
        Ok(Reply::Data(if only_address { json!(target.address) } else { target.json() }))
    }

    /// `POST /flink/app/upload` (040 041 405).
    pub(super) fn upload(&mut self, form: &Form) -> Said {
        let illegal =
            || Refusal::Alert("Illegal file type, Only support standard jar files. Upload file failed.".to_owned());
        let file = form.upload.as_ref().filter(|file| file.bytes.starts_with(b"PK")).ok_or_else(illegal)?;
        let sum =
            file.bytes.iter().fold(0x811c_9dc5_u32, |sum, byte| (sum ^ u32::from(*byte)).wrapping_mul(0x0100_0193));
        let main_class = main_class(&file.bytes);
        self.jars.insert(file.name.clone(), Jar { sum, main_class });
        Ok(Reply::Data(json!(format!("/app/temp/{}", file.name))))
    }

    /// A jar that is on the server already.
    pub(super) fn put_jar(&mut self, name: &str, main_class: &str) {
        let jar = Jar { sum: 2_473_402_927, main_class: Some(main_class.to_owned()) };
        self.jars.insert(name.to_owned(), jar);
    }

    /// `POST /flink/app/main`: what the manifest of an uploaded jar says (042 406).
    pub(super) fn main_of(&self, form: &Form) -> Said {
        let path = form.text("jar").unwrap_or_default();
        let jar = self.jars.get(path.rsplit('/').next().unwrap_or_default());
        let missing = || Refusal::Thrown(format!("java.nio.file.NoSuchFileException: {path}"));
        Ok(Reply::Data(json!(jar.ok_or_else(missing)?.main_class)))
    }
}

/// The main class a manifest names, when it lies in the jar uncompressed.
fn main_class(jar: &[u8]) -> Option<String> {
    let text = String::from_utf8_lossy(jar);
    let line = text.lines().find_map(|line| line.split_once("Main-Class:"));
    line.map(|(_, class)| class.trim().to_owned())
}

impl World {
    /// One Flink home and one cluster, as the first that were made.
    pub(super) fn furnish(&mut self) {
        let mut env = Form::default();
        env.set("flinkName", "furnished");
        env.set("flinkHome", "/opt/flink");
        let mut target = Form::default();
        target.set("clusterName", "furnished");
        target.set("address", &self.cluster.address());
        target.set("versionId", "1");
        self.create_env(&env).ok();
        self.create_cluster(100_000, &target);
    }
}
