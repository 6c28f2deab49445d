//! What a cluster must be set to, so that jobs survive what happens to it.
//!
//! Why it exists: each of these, missing, costs a copy of every table, or the cluster itself, and nothing says so before
//! (real-stack §1.5, §1.6, §2).
//! Invariant: values that may be secrets are forgotten on reading.

use std::collections::BTreeMap;

use super::wire;

/// A setting of the cluster that is missing or not as it must be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Missing {
    /// Arguments that a program does not like can end the JobManager with all its jobs.
    ExitIntercept,
    /// A stop has no place for its savepoint unless one is named each time.
    SavepointFolder,
    /// Checkpoints are kept in memory: nothing can start from them.
    CheckpointFolder,
    /// Checkpoints are deleted when a job is cancelled.
    CheckpointsKept,
    /// Uploaded jars are gone with the JobManager.
    UploadFolder,
    /// Only so many checkpoints are kept: the one that was noted may be deleted before it is needed.
    FewCheckpoints {
        /// How many.
        kept: u64,
    },
}

impl Missing {
    /// The setting's name.
    pub const fn key(self) -> &'static str {
        match self {
            Self::ExitIntercept => "cluster.intercept-user-system-exit",
            Self::SavepointFolder => "execution.checkpointing.savepoint-dir",
            Self::CheckpointFolder => "execution.checkpointing.dir",
            Self::CheckpointsKept => "execution.checkpointing.externalized-checkpoint-retention",
            Self::UploadFolder => "web.upload.dir",
            Self::FewCheckpoints { .. } => "execution.checkpointing.num-retained",
        }
    }

    /// The name it had before Flink 1.20, which still counts.
    const fn former(self) -> Option<&'static str> {
        match self {
            Self::SavepointFolder => Some("state.savepoints.dir"),
            Self::CheckpointFolder => Some("state.checkpoints.dir"),
            Self::FewCheckpoints { .. } => Some("state.checkpoints.num-retained"),
            Self::ExitIntercept | Self::CheckpointsKept | Self::UploadFolder => None,
        }
    }

    /// What it must be.
    pub const fn wanted(self) -> &'static str {
        match self {
            Self::ExitIntercept => "THROW",
            Self::CheckpointsKept => "RETAIN_ON_CANCELLATION",
            Self::SavepointFolder | Self::CheckpointFolder | Self::UploadFolder => {
                "a folder that every machine reaches"
            }
            Self::FewCheckpoints { .. } => "3",
        }
    }
}

/// How many checkpoints must be kept: the noted one may be two rounds old.
const KEPT: u64 = 3;

/// What is missing in `GET /jobmanager/config`. Flink shows only what was set, so nothing there means its default.
pub fn settings_missing(config: &BTreeMap<String, String>) -> Vec<Missing> {
    let value = |setting: Missing| {
        let found = config.get(setting.key()).or_else(|| config.get(setting.former()?));
        found.map(|value| value.trim()).filter(|value| !value.is_empty())
    };
    let exactly = |setting: Missing| value(setting).is_none_or(|value| !value.eq_ignore_ascii_case(setting.wanted()));
    let mut missing: Vec<_> =
        [Missing::ExitIntercept, Missing::CheckpointsKept].into_iter().filter(|setting| exactly(*setting)).collect();
    let folders = [Missing::SavepointFolder, Missing::CheckpointFolder, Missing::UploadFolder];
    missing.extend(folders.into_iter().filter(|setting| value(*setting).is_none()));
    let kept = value(Missing::FewCheckpoints { kept: 0 }).and_then(|value| value.parse().ok()).unwrap_or(1);
    if kept < KEPT {
        missing.push(Missing::FewCheckpoints { kept });
    }
    missing.sort();
    missing
}

/// In the name of a setting whose value is a secret; Flink's own list and ours (`GlobalConfiguration.isSensitive`).
const SECRET: [&str; 14] = [
    "password",
    "passwd",
    "secret",
    "token",
    "account.key",
    "access.key",
    "access-key",
    "apikey",
    "api-key",
    "auth-params",
    "service-key",
    "basic-auth",
    "jaas",
    "credential",
];

/// The settings without secrets: neither by the name of a setting, nor by what its value says, nor what Flink hid already.
pub(super) fn settings(theirs: Vec<wire::Setting>) -> BTreeMap<String, String> {
    let tells = |text: &str| SECRET.iter().any(|word| text.to_ascii_lowercase().contains(word));
    let kept = theirs.into_iter().filter(|setting| !tells(&setting.key) && !tells(&setting.value));
    kept.filter(|setting| setting.value != "******").map(|setting| (setting.key, setting.value)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::outside::engine::flink::map::tests::recorded;

    fn of(settings: &[(&str, &str)]) -> BTreeMap<String, String> {
        settings.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect()
    }

    #[test]
    fn a_cluster_with_nothing_set_lacks_everything() {
        use Missing::*;
        assert_eq!(
            settings_missing(&BTreeMap::new()),
            [
                ExitIntercept,
                SavepointFolder,
                CheckpointFolder,
                CheckpointsKept,
                UploadFolder,
                FewCheckpoints { kept: 1 }
            ]
        );
    }

    #[test]
    fn what_the_recorded_cluster_lacks_is_found() {
        let config = settings(serde_json::from_slice(&recorded("jobmanager-config").body).expect("settings"));
        assert_eq!(config["web.upload.dir"], "/flink/upload");
        assert_eq!(settings_missing(&config), [Missing::ExitIntercept, Missing::FewCheckpoints { kept: 1 }]);
    }

    #[test]
    fn former_names_count_and_a_wrong_word_does_not() {
        let fine = of(&[
            ("cluster.intercept-user-system-exit", "throw"),
            ("state.savepoints.dir", "s3://a"),
            ("state.checkpoints.dir", "s3://b"),
            ("execution.checkpointing.externalized-checkpoint-retention", "RETAIN_ON_CANCELLATION"),
            ("web.upload.dir", "/c"),
            ("state.checkpoints.num-retained", "3"),
        ]);
        assert_eq!(settings_missing(&fine), []);
        let mut wrong = fine.clone();
        wrong.insert("cluster.intercept-user-system-exit".to_owned(), "LOG".to_owned());
        wrong.insert("web.upload.dir".to_owned(), " ".to_owned());
        assert_eq!(settings_missing(&wrong), [Missing::ExitIntercept, Missing::UploadFolder]);
    }

    #[test]
    fn secrets_are_not_kept() {
        let setting = |key: &str, value: &str| wire::Setting { key: key.to_owned(), value: value.to_owned() };
        let kept = settings(vec![
            setting("s3.secret-key", "hush"),
            setting("fs.azure.account.key.x", "hush"),
            setting("env.java.opts", "-Djavax.net.ssl.keyStorePassword=hush"),
            setting("security.ssl.x", "******"),
            setting("rest.port", "8081"),
        ]);
        assert_eq!(kept, of(&[("rest.port", "8081")]));
    }
}
