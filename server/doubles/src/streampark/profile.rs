//! Which console the double is: the releases differ in what is broken (streampark-api §0 no. 4 and 10, §8).
//!
//! Invariant: a difference between releases is a method here, nowhere else a comparison of versions.

/// A release of the console that was recorded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Profile {
    /// 2.1.6, the least broken one (recordings 001 to 499).
    V216,
    /// 2.1.7 (recordings 700 to 723).
    V217,
}

impl Profile {
    /// Whether an access token is ever found equal to the stored one (712 713: on 2.1.7 never).
    pub(super) const fn knows_access_tokens(self) -> bool {
        matches!(self, Self::V216)
    }

    /// Whether the settings of a Flink home can be read back (702: on 2.1.7 a path is decoded as if it were base64).
    pub(super) const fn reads_flink_conf(self) -> bool {
        matches!(self, Self::V216)
    }

    /// Whether checkpoints and savepoints of a job become rows (707 710; 723: they do when the job's own settings say how
    /// many checkpoints are kept).
    pub(super) fn keeps_savepoints(self, dynamic_properties: &str) -> bool {
        matches!(self, Self::V216) || dynamic_properties.contains("-Dstate.checkpoints.num-retained=")
    }
}
