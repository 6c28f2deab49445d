//! How tables are kept in the lake: `--table_conf` (paimon-cdc §7).

use std::num::NonZeroU32;

use super::argv::{Argv, BUCKETS};
use super::parse::{BadArgs, Bag};
use crate::ids::JobId;
use crate::tier::Tier;

/// How the tables of a job are kept in the lake.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TableConf {
    /// By what the parts of the job are known to it after a restart with other tables: the job's id, from the first
    /// start on (real-stack §4).
    pub uid: JobId,
    /// In how many parts rows are kept by their key.
    pub bucket: Bucket,
    /// A name for the end of each day.
    pub tags: Option<Tags>,
}

/// In how many parts rows are kept by their key. It cannot be changed later (paimon-cdc §7).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bucket {
    /// As many as the rows need; one job alone may write.
    AsNeeded,
    /// So many.
    Fixed(NonZeroU32),
}

/// A name for the end of each day, by which the day can be read later.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tags {
    /// How many are kept.
    pub keep: NonZeroU32,
}

const UID: &str = "sink.operator-uid.suffix";
const TAG: &str = "tag.automatic-creation";
const PERIOD: &str = "tag.creation-period";
const KEEP: &str = "tag.num-retained-max";

/// What every table is told: what changed can be read later, and no row stands in a log (paimon-cdc §7, real-stack §3).
const ALWAYS: [(&str, &str); 2] = [("changelog-producer", "input"), ("cdc.log-corrupt-record", "false")];

impl TableConf {
    /// What a tier needs: a daily promise needs the days told apart, 90 of them.
    pub fn of(tier: Tier, uid: JobId, bucket: Bucket) -> Self {
        let tags = match tier {
            Tier::Minutes => None,
            Tier::Daily => NonZeroU32::new(90).map(|keep| Tags { keep }),
        };
        Self { uid, bucket, tags }
    }

    pub(super) fn write(&self, argv: &mut Argv) {
        let to = BUCKETS.table;
        if let Bucket::Fixed(bucket) = self.bucket {
            argv.conf(to, "bucket", bucket);
        }
        for (key, value) in ALWAYS {
            argv.conf(to, key, value);
        }
        argv.conf(to, UID, &self.uid);
        if let Some(tags) = self.tags {
            argv.conf(to, TAG, "process-time");
            argv.conf(to, PERIOD, "daily");
            argv.conf(to, KEEP, tags.keep);
        }
    }

    pub(super) fn read(bag: &mut Bag<'_>) -> Result<Self, BadArgs> {
        let from = BUCKETS.table;
        for (key, value) in ALWAYS {
            bag.constant(from, key, value)?;
        }
        let bucket = match bag.parsed_if(from, "bucket")? {
            Some(bucket) => Bucket::Fixed(bucket),
            None => Bucket::AsNeeded,
        };
        let tags = match bag.parsed_if(from, KEEP)? {
            Some(keep) => {
                bag.constant(from, TAG, "process-time")?;
                bag.constant(from, PERIOD, "daily")?;
                Some(Tags { keep })
            }
            None => None,
        };
        Ok(Self { uid: bag.parsed(from, UID)?, bucket, tags })
    }
}
