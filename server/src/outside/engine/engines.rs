//! The engine of a route. One instance for each set-up, so that all jobs of a cluster share its client and its looks.

use std::sync::{Arc, Mutex};

use domain::engine::{Flink, SetUp, Streampark};
use domain::ids::RouteId;

use super::flink::{self, FlinkEngine};
use super::streampark::{Logins, StreamparkEngine};
use super::{Engine, EngineError};

/// The words of all engines that a route may name.
const WORDS: [&str; 2] = ["embedded", "flink"];

/// All engines. Cheap to clone.
#[derive(Clone)]
pub struct Engines {
    embedded: Arc<dyn Engine>,
    tools: flink::Tools,
    logins: Arc<dyn Logins>,
    /// Those made so far; few, as a route's set-up seldom changes.
    made: Arc<Mutex<Made>>,
}

/// The engines that were made, each with what it was made for. A console's password is that of its route.
#[derive(Default)]
struct Made {
    flink: Vec<(Flink, Arc<FlinkEngine>)>,
    streampark: Vec<(RouteId, Streampark, Arc<StreamparkEngine>)>,
}

impl Engines {
    /// The one inside, and what those outside need.
    pub fn new(embedded: Arc<dyn Engine>, tools: flink::Tools, logins: Arc<dyn Logins>) -> Self {
        Self { embedded, tools, logins, made: Arc::default() }
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

    /// The engine of a route by its set-up.
    pub fn of(&self, route: &RouteId, set_up: &SetUp) -> Result<Arc<dyn Engine>, EngineError> {
        match set_up {
            SetUp::Embedded => Ok(Arc::clone(&self.embedded)),
            SetUp::Flink(flink) => Ok(self.flink(flink)?),
            SetUp::Streampark(streampark) => Ok(self.streampark(route, streampark)?),
        }
    }

    /// The engine of a cluster of Flink.
    pub fn flink(&self, flink: &Flink) -> Result<Arc<FlinkEngine>, EngineError> {
        let made = &mut self.made().flink;
        if let Some((_, engine)) = made.iter().find(|(of, _)| of == flink) {
            return Ok(Arc::clone(engine));
        }
        let engine = Arc::new(FlinkEngine::new(flink.clone(), self.tools.clone())?);
        made.push((flink.clone(), Arc::clone(&engine)));
        Ok(engine)
    }

    /// The engine of a route by StreamPark.
    fn streampark(&self, route: &RouteId, set_up: &Streampark) -> Result<Arc<StreamparkEngine>, EngineError> {
        let made = &mut self.made().streampark;
        if let Some((.., engine)) = made.iter().find(|(id, of, _)| id == route && of == set_up) {
            return Ok(Arc::clone(engine));
        }
        let flink = FlinkEngine::new(set_up.flink.clone(), self.tools.clone())?;
        let engine = StreamparkEngine::new(route.clone(), set_up.clone(), flink, Arc::clone(&self.logins));
        let engine = Arc::new(engine);
        made.push((route.clone(), set_up.clone(), Arc::clone(&engine)));
        Ok(engine)
    }

    fn made(&self) -> std::sync::MutexGuard<'_, Made> {
        self.made.lock().expect("no code panics while it holds the engines")
    }
}
