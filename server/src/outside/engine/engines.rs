//! The engine of a route. One instance for each set-up, so that all jobs of a cluster share its client and its looks.

use std::sync::{Arc, Mutex};

use domain::engine::{Flink, SetUp};

use super::flink::{self, FlinkEngine};
use super::{Engine, EngineError};

/// The words of all engines that a route may name.
const WORDS: [&str; 2] = ["embedded", "flink"];

/// All engines. Cheap to clone.
#[derive(Clone)]
pub struct Engines {
    embedded: Arc<dyn Engine>,
    tools: flink::Tools,
    /// Those made so far; few, as a route's set-up seldom changes.
    made: Arc<Mutex<Vec<Made>>>,
}

/// The engine that was made for a set-up.
type Made = (Flink, Arc<FlinkEngine>);

impl Engines {
    /// The one inside, and what those outside need.
    pub fn new(embedded: Arc<dyn Engine>, tools: flink::Tools) -> Self {
        Self { embedded, tools, made: Arc::default() }
    }

    /// The same with another one inside.
    #[must_use]
    pub fn with_embedded(self, embedded: Arc<dyn Engine>) -> Self {
        Self { embedded, ..self }
    }

    /// The words by which routes and forms name engines.
    pub const fn words() -> &'static [&'static str] {
        &WORDS
    }

    /// The engine of a set-up.
    pub fn of(&self, set_up: &SetUp) -> Result<Arc<dyn Engine>, EngineError> {
        match set_up {
            SetUp::Embedded => Ok(Arc::clone(&self.embedded)),
            SetUp::Flink(flink) => Ok(self.flink(flink)?),
        }
    }

    /// The engine of a cluster of Flink.
    pub fn flink(&self, flink: &Flink) -> Result<Arc<FlinkEngine>, EngineError> {
        let mut made = self.made.lock().expect("no code panics while it holds the engines");
        if let Some((_, engine)) = made.iter().find(|(of, _)| of == flink) {
            return Ok(Arc::clone(engine));
        }
        let engine = Arc::new(FlinkEngine::new(flink.clone(), self.tools.clone())?);
        made.push((flink.clone(), Arc::clone(&engine)));
        Ok(engine)
    }
}
