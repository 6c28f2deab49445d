//! StreamPark's JSON, odd as it is: only what is read (streampark-api §0 to §3).
//!
//! Why it exists: ids are texts or numbers, booleans mean failures, refusals come as 200 and missing rights as 500.
//! Invariant: what another version adds is ignored; whatever Java may leave null may be null here.

use serde::{Deserialize, Deserializer};
use serde_json::Value;

/// Around every answer, save that of a sign-in and a path that is not there.
#[derive(Debug, Deserialize)]
pub struct Envelope {
    #[serde(default, deserialize_with = "text_or_number")]
    pub code: Option<String>,
    #[serde(default)]
    pub data: Option<Value>,
    #[serde(default)]
    pub message: Option<String>,
    /// Only there on the framework's own refusals: `Not Found`.
    #[serde(default)]
    pub error: Option<String>,
}

/// `"200"` and `200` are the same (streampark-api §0 no. 1).
fn text_or_number<'de, D: Deserializer<'de>>(from: D) -> Result<Option<String>, D::Error> {
    Ok(match Value::deserialize(from)? {
        Value::String(text) => Some(text),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    })
}

fn number<'de, D: Deserializer<'de>>(from: D) -> Result<Option<i64>, D::Error> {
    Ok(text_or_number(from)?.and_then(|text| text.parse().ok()))
}

/// A sign-in that succeeded.
#[derive(Deserialize)]
pub struct SignedIn {
    pub token: String,
}

/// A page of any list.
#[derive(Debug, Deserialize)]
pub struct Page<T> {
    pub records: Vec<T>,
    #[serde(default, deserialize_with = "number")]
    pub total: Option<i64>,
}

/// It may hold passwords of others, so it is not shown.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct App {
    #[serde(deserialize_with = "text_or_number")]
    pub id: Option<String>,
    #[serde(default, deserialize_with = "text_or_number")]
    pub team_id: Option<String>,
    #[serde(default)]
    pub job_name: Option<String>,
    #[serde(default, deserialize_with = "number")]
    pub state: Option<i64>,
    #[serde(default, deserialize_with = "number")]
    pub release: Option<i64>,
    #[serde(default, deserialize_with = "number")]
    pub build_status: Option<i64>,
    #[serde(default)]
    pub can_be_start: Option<bool>,
    #[serde(default)]
    pub job_id: Option<String>,
    #[serde(default)]
    pub job_manager_url: Option<String>,
    #[serde(default)]
    pub args: Option<String>,
    #[serde(default)]
    pub dynamic_properties: Option<String>,
    #[serde(default)]
    pub main_class: Option<String>,
    #[serde(default)]
    pub jar: Option<String>,
    #[serde(default, deserialize_with = "number")]
    pub job_type: Option<i64>,
    #[serde(default, deserialize_with = "number")]
    pub execution_mode: Option<i64>,
    #[serde(default, deserialize_with = "number")]
    pub restart_size: Option<i64>,
    #[serde(default, deserialize_with = "text_or_number")]
    pub version_id: Option<String>,
    #[serde(default, deserialize_with = "text_or_number")]
    pub flink_cluster_id: Option<String>,
    #[serde(default)]
    pub start_time: Option<String>,
    #[serde(default)]
    pub option_time: Option<String>,
    #[serde(default)]
    pub modify_time: Option<String>,
}

#[derive(Debug, Deserialize)]
pub struct CopyOf {
    #[serde(deserialize_with = "text_or_number")]
    pub id: Option<String>,
}

#[derive(Debug, Deserialize)]
pub struct Detail {
    #[serde(default)]
    pub pipeline: Option<Pipeline>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Pipeline {
    #[serde(default, deserialize_with = "number")]
    pub pipe_status: Option<i64>,
    #[serde(default, deserialize_with = "number")]
    pub cur_step: Option<i64>,
    #[serde(default, deserialize_with = "number")]
    pub total_step: Option<i64>,
    #[serde(default)]
    pub has_error: Option<bool>,
    #[serde(default)]
    pub error_summary: Option<String>,
    #[serde(default)]
    pub update_time: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Logged {
    #[serde(default, deserialize_with = "number")]
    pub id: Option<i64>,
    #[serde(default, deserialize_with = "number")]
    pub option_name: Option<i64>,
    #[serde(default)]
    pub success: Option<bool>,
    #[serde(default)]
    pub option_time: Option<String>,
    #[serde(default)]
    pub exception: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Kept {
    #[serde(default, deserialize_with = "number")]
    pub id: Option<i64>,
    #[serde(default, rename = "type", deserialize_with = "number")]
    pub kind: Option<i64>,
    #[serde(default)]
    pub path: Option<String>,
    #[serde(default)]
    pub latest: Option<bool>,
    #[serde(default)]
    pub trigger_time: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Cluster {
    #[serde(deserialize_with = "text_or_number")]
    pub id: Option<String>,
    #[serde(default, rename = "clusterName")]
    pub name: Option<String>,
    #[serde(default)]
    pub address: Option<String>,
    #[serde(default, deserialize_with = "number")]
    pub execution_mode: Option<i64>,
    #[serde(default, rename = "clusterState", deserialize_with = "number")]
    pub state: Option<i64>,
    #[serde(default, deserialize_with = "text_or_number")]
    pub version_id: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Env {
    #[serde(deserialize_with = "text_or_number")]
    pub id: Option<String>,
    #[serde(default)]
    pub flink_name: Option<String>,
    #[serde(default)]
    pub version: Option<String>,
    #[serde(default)]
    pub flink_conf: Option<String>,
}
