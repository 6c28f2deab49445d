//! Follows tables whose job follows changes: when their copy is complete, how fresh they are, whether they are cut off.
//!
//! Why it exists: such an engine never says that a copy is done, nor that its source is away (real-stack §6). So the source
//! is counted before and after a commit, and the lake's count must lie between, twice running.
//! Invariant: what was not counted is never ready; what is not attached to its source grows old, and never looks fresh.

use domain::cause::{Cause, CauseCode};
use domain::change::Happened;
use domain::item::{Item, State};
use domain::proof::{Between, Landed, Proof, Seen, verdict_between};
use domain::time::Millis;

use super::count::{Attached, Count};
use super::look;
use super::reconcile::{LOOK_EVERY, Reconciler};
use crate::outside::engine::SourcePlace;
use crate::store::StoreError;
use crate::store::items::ItemRecord;

/// Agreements running before a table is ready.
const AGREE: u32 = 2;

/// What the engine shows of a table that is followed.
#[derive(Debug, Clone)]
pub struct Followed {
    /// Rows read since the job was started last.
    pub read: Option<u64>,
    /// What changed before this moment is committed, if the job is attached to its source.
    pub through: Option<Millis>,
    /// What is wrong with the job.
    pub trouble: Option<Cause>,
}

impl Reconciler {
    /// Moves a table that is followed one step. `true` when something was done.
    pub(super) async fn follow_table(
        &mut self,
        source: &SourcePlace,
        record: &ItemRecord,
        seen: &Followed,
    ) -> Result<bool, StoreError> {
        match &record.item.state {
            State::Starting { .. } => self.write(record.item.clone().copy(self.now()), &[]).await,
            State::Copying { .. } | State::Verifying { .. } => self.complete(source, record, seen).await,
            State::Ready { proof, .. } | State::Late { proof, .. } => {
                let proof = proof.clone();
                self.keep_following(source, record, &proof, seen).await
            }
            _ => Ok(false),
        }
    }

    /// Counts on, and takes what was counted as the next step.
    async fn complete(
        &mut self,
        source: &SourcePlace,
        record: &ItemRecord,
        seen: &Followed,
    ) -> Result<bool, StoreError> {
        let (item, now) = (&record.item, self.now());
        self.counts.read(&item.id, seen.read, now);
        match self.counts.of(&item.id) {
            Count::Running => Ok(false),
            Count::None => Ok(self.counts.count_before(&self.app, source, item, now)),
            Count::Before { at, .. } => Ok(match seen.through.filter(|through| *through > at) {
                Some(through) => self.counts.count_after(&self.app, source, item, through),
                None => false,
            }),
            Count::Done(counted) => {
                self.counts.forget(&item.id);
                match counted {
                    Ok((between, lake)) => self.compared(item, &between, &lake).await,
                    Err(cause) => self.note(item, Some(cause)).await,
                }
            }
        }
    }

    async fn compared(&mut self, item: &Item, between: &Between, lake: &Seen) -> Result<bool, StoreError> {
        let landed = Landed {
            snapshot: lake.snapshot.unwrap_or(0),
            rows: lake.rows,
            read_at: between.through,
            committed_at: lake.at,
            columns: between.columns.clone(),
        };
        let is_copying = matches!(item.state, State::Copying { .. });
        let verdict = verdict_between(between, lake);
        let agreed = self.counts.agreed(&item.id, verdict.is_ok());
        match verdict {
            Ok(_) if is_copying => self.verify_next(item, landed).await,
            Ok(proof) if agreed >= AGREE => {
                self.counts.drop(&item.id);
                let ready = Happened::Ready { rows: proof.lake_rows };
                let item = Item { landed: Some(landed), trouble: None, ..item.clone() };
                self.write(item.prove(proof, self.now()), &[ready]).await
            }
            Ok(_) => self.note(item, None).await,
            // While rows still come, fewer of them are no disagreement.
            Err(_) if is_copying && !self.counts.is_all_read(&item.id, self.now()) => Ok(false),
            Err(_) if is_copying => self.verify_next(item, landed).await,
            Err(cause) => self.note(item, Some(cause)).await,
        }
    }

    async fn verify_next(&self, item: &Item, landed: Landed) -> Result<bool, StoreError> {
        let rows = landed.rows;
        self.write(item.clone().verify(landed, self.now()), &[Happened::Copied { rows }]).await
    }

    /// A table that was proven: it grows old or stays fresh with its job's checkpoints, as long as that is attached.
    async fn keep_following(
        &mut self,
        source: &SourcePlace,
        record: &ItemRecord,
        proof: &Proof,
        seen: &Followed,
    ) -> Result<bool, StoreError> {
        let (item, now) = (&record.item, self.now());
        let counting = self.counts.count_readers(&self.app, source, now);
        let attached = self.counts.attached(&source.id, now);
        // A checkpoint after the last look at the readers may hold nothing that changed since.
        let fed = match attached {
            Attached::At(at) => seen.through.map(|through| through.min(at)).filter(|fed| *fed > proof.read_at),
            Attached::CutOff | Attached::NotKnown => None,
        };
        if record.looked_at.is_none_or(|looked| now.since(looked) >= LOOK_EVERY / 2) {
            return self.look_at_followed(item, proof, fed).await;
        }
        let zone = self.app.config.zone_offset(now);
        let late = now >= item.tier.late_at(fed.unwrap_or(proof.read_at), zone);
        if late && matches!(item.state, State::Ready { .. }) {
            return self.write(item.clone().be_late(now), &[Happened::Late]).await;
        }
        let cut_off = || Cause::new(CauseCode::CutOff).text("source", &source.name);
        let trouble = seen.trouble.clone().or_else(|| (attached == Attached::CutOff).then(cut_off));
        Ok(self.note(item, trouble).await? || counting)
    }

    async fn look_at_followed(&self, item: &Item, proof: &Proof, fed: Option<Millis>) -> Result<bool, StoreError> {
        let seen = match look::newest(&self.app, &item.target).await {
            Ok(Some(seen)) => seen,
            Ok(None) => return self.fail(item, Cause::new(CauseCode::LakeTableGone)).await,
            // The lake did not answer: what is shown grows old and becomes "not known yet" by itself.
            Err(_) => return Ok(false),
        };
        let read_at = fed.unwrap_or(proof.read_at);
        let (snapshot, committed_at) = seen.unwrap_or((proof.snapshot, proof.committed_at));
        let proof = Proof { snapshot, read_at, committed_at, ..proof.clone() };
        let late = matches!(item.state, State::Late { .. });
        let zone = self.app.config.zone_offset(self.now());
        if late && self.now() >= item.tier.late_at(read_at, zone) {
            return self.looked(item).await;
        }
        let fresh: &[Happened] = if late { &[Happened::FreshAgain] } else { &[] };
        self.write(item.clone().prove(proof, self.now()), fresh).await.map(|_| late)
    }

    /// Notes what is wrong, once for each kind: counts that change with every look are no news.
    pub(super) async fn note(&self, item: &Item, trouble: Option<Cause>) -> Result<bool, StoreError> {
        let code = |cause: &Option<Cause>| cause.as_ref().map(|cause| cause.code);
        if code(&trouble) == code(&item.trouble) { Ok(false) } else { self.note_trouble(item, trouble).await }
    }
}
