//! A saga: ordered steps, each with find, act and undo, over a memory that survives the process.
//!
//! The laws, which one generic test holds every saga to: a failure at any step leaves a clean slate; each step repeated
//! gives the same end, and so does each undo; killed before a call, after it, or before its outcome was noted, a new
//! process ends with exactly one effect.

use async_trait::async_trait;
use domain::cause::Cause;

use crate::crash;
use crate::store::StoreError;

/// One step.
#[async_trait]
pub trait Step: Send + Sync {
    /// Its name, for the memory and for crash points.
    fn name(&self) -> &'static str;

    /// Whether its effect is there already, looked up by a deterministic name.
    async fn find(&self) -> Result<bool, StepError>;

    /// Makes the effect.
    async fn act(&self) -> Result<(), StepError>;

    /// Takes the effect away; nothing happens when there is none.
    async fn undo(&self) -> Result<(), StepError>;
}

/// Why a step did not do it.
#[derive(Debug)]
pub enum StepError {
    /// Busy, or the outcome is not known: look again later.
    Retry(Cause),
    /// It said no.
    Fail(Cause),
}

/// Where a saga stands, as its memory keeps it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Mark {
    /// The step of that number is due.
    Forward(usize),
    /// The step of that number is to be undone, because of the cause.
    Back(usize, Cause),
}

/// What survives the process.
#[async_trait]
pub trait Memory: Send {
    /// Where the saga stands.
    fn mark(&self) -> Mark;

    /// Notes where it stands from now on.
    async fn note(&mut self, mark: Mark) -> Result<(), StoreError>;
}

/// How a run of a saga ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum End {
    /// All steps are done.
    Done,
    /// It waits; run it again later.
    Again(Cause),
    /// It failed and all its effects are gone.
    Unwound(Cause),
}

/// Runs a saga from where it stands.
pub async fn run(steps: &[Box<dyn Step + '_>], memory: &mut dyn Memory) -> Result<End, StoreError> {
    loop {
        match memory.mark() {
            Mark::Forward(number) => {
                let Some(step) = steps.get(number) else { return Ok(End::Done) };
                match forward(step.as_ref(), memory).await? {
                    Ok(()) => memory.note(Mark::Forward(number + 1)).await?,
                    Err(StepError::Retry(cause)) => return Ok(End::Again(cause)),
                    // The failed step is undone too: its call may have had half an effect.
                    Err(StepError::Fail(cause)) => memory.note(Mark::Back(number + 1, cause)).await?,
                }
            }
            Mark::Back(0, cause) => return Ok(End::Unwound(cause)),
            Mark::Back(number, cause) => match steps[number - 1].undo().await {
                Ok(()) => memory.note(Mark::Back(number - 1, cause)).await?,
                Err(StepError::Retry(why) | StepError::Fail(why)) => return Ok(End::Again(why)),
            },
        }
    }
}

async fn forward(step: &dyn Step, memory: &mut dyn Memory) -> Result<Result<(), StepError>, StoreError> {
    match step.find().await {
        Ok(true) => return Ok(Ok(())),
        Ok(false) => {}
        Err(problem) => return Ok(Err(problem)),
    }
    // The intent, right before the call: whoever looked for so long that somebody else took over stops here.
    memory.note(memory.mark()).await?;
    crash::point(step.name());
    let acted = step.act().await;
    crash::point(&format!("{}.done", step.name()));
    Ok(acted)
}
