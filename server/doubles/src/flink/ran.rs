//! What ever ran, and who watches that nothing runs twice.
//!
//! Invariant: a doubling is written down at the moment it begins, so that a test sees it even when it was over soon.

use super::memory::Memory;
use crate::clock::Millis;

/// A job that was accepted once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ran {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// The numbers of its readers, if it said which.
    pub server_ids: Option<(u32, u32)>,
    /// The server, as `host:port`.
    pub server: String,
    /// When it was accepted.
    pub at: Millis,
    /// When it ended and how.
    pub ended: Option<(Millis, String)>,
    /// Jobs of the same name that lived when it was accepted.
    pub beside: Vec<String>,
}

impl Ran {
    pub(super) fn ended_by(all: &mut [Self], id: &str, at: Millis, how: &str) {
        // Backwards: after a restart of the JobManager an id may come again.
        if let Some(ran) = all.iter_mut().rev().find(|ran| ran.id == id && ran.ended.is_none()) {
            ran.ended = Some((at, how.to_owned()));
        }
    }
}

impl Memory {
    /// Every job that was ever accepted, the oldest first; restarts of the JobManager forget nothing here.
    pub fn ran(&self) -> &[Ran] {
        &self.ran
    }

    /// Ids of the jobs of this name that live.
    pub fn live_named(&self, name: &str) -> Vec<String> {
        self.jobs().filter(|job| job.lives() && job.name == name).map(|job| job.id.clone()).collect()
    }

    /// Names that more than one living job has, now.
    pub fn doubled_names(&self) -> Vec<String> {
        let mut names: Vec<_> = self.jobs().filter(|job| job.lives()).map(|job| job.name.clone()).collect();
        names.sort();
        let mut doubled: Vec<_> =
            names.windows(2).filter(|pair| pair[0] == pair[1]).map(|pair| pair[0].clone()).collect();
        doubled.dedup();
        doubled
    }

    /// Jobs that were accepted while another of their name lived, ever.
    pub fn ever_doubled(&self) -> impl Iterator<Item = &Ran> {
        self.ran.iter().filter(|ran| !ran.beside.is_empty())
    }

    /// Pairs of living jobs that share a number at one server: both are cut off for ever (real-stack §5).
    pub fn doubled_server_ids(&self) -> Vec<(String, String)> {
        let live: Vec<_> = self.jobs().filter(|job| job.lives()).collect();
        let mut pairs = Vec::new();
        for (at, one) in live.iter().enumerate() {
            for other in &live[at + 1..] {
                if one.given.meets(&other.given) {
                    pairs.push((one.id.clone(), other.id.clone()));
                }
            }
        }
        pairs
    }
}
