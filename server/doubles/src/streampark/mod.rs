//! The console of StreamPark 2.1.6 and 2.1.7 as an HTTP server with memory, time and faults (streampark-api).
//!
//! Why it exists: what breaks a client of the real console (streampark-api §0.1) can be sprung here at will, in a test.
//! * `serve`, `wire`, `form`, `answer`: HTTP; `gate`: who may call what; `token`, `user`: who calls.
//! * `world`: all it remembers, and what is still to happen; `clock`, `fault`, `profile`.
//! * `app`, `list`, `copy`, `build`, `start`, `cancel`, `watch`, `savepoint`: the life of an application.
//! * `setup`, `extras`, `proxy`: what stands around it. `cluster`: what it wants of the Flink behind it; `flink` is the
//!   double of Flink, `memory` the smallest cluster.
//!
//! Invariant: it believes what the real console believes: what Flink really does is known to the cluster alone.

mod answer;
mod app;
mod build;
mod cancel;
mod clock;
mod cluster;
mod copy;
mod extras;
mod fault;
mod flink;
mod form;
mod gate;
mod list;
mod memory;
mod profile;
mod proxy;
mod savepoint;
mod serve;
mod setup;
mod start;
mod token;
mod user;
mod watch;
mod wire;
mod world;

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::sync::oneshot;

pub use cluster::{Checkpoint, Cluster, Job, Plan, Thrown};
pub use fault::Fault;
pub use memory::{Fate, Memory};
pub use profile::Profile;
pub use user::Role;
pub use world::Times;

use app::{App, Settings};
use clock::{Clock, millis};
use serve::Inside;
use world::World;

/// A console that runs; dropped, it ends.
pub struct StreamPark {
    inside: Arc<Inside>,
    address: SocketAddr,
    _end: oneshot::Sender<()>,
}

impl StreamPark {
    /// On a free port, with a clock that only `advance` moves.
    pub async fn start(profile: Profile, cluster: Arc<dyn Cluster>) -> Self {
        let clock = Clock::still(cluster.now());
        let console = Self::listen(profile, cluster, clock, 0).await;
        console.expect("127.0.0.1 has a free port")
    }

    /// On this port, with the clock of the machine.
    pub async fn start_at(profile: Profile, cluster: Arc<dyn Cluster>, port: u16) -> std::io::Result<Self> {
        let console = Self::listen(profile, cluster, Clock::real(), port).await?;
        let inside = Arc::downgrade(&console.inside);
        tokio::spawn(async move {
            while let Some(inside) = inside.upgrade() {
                drop(inside.world());
                drop(inside);
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
        });
        Ok(console)
    }

    async fn listen(profile: Profile, cluster: Arc<dyn Cluster>, clock: Clock, port: u16) -> std::io::Result<Self> {
        let now = clock.now().max(cluster.now());
        let world = World::new(profile, cluster, now);
        let inside = Arc::new(Inside::new(world, clock));
        let listener = TcpListener::bind(("127.0.0.1", port)).await?;
        let address = listener.local_addr()?;
        let (end, ended) = oneshot::channel();
        let service = serve::router(Arc::clone(&inside)).into_make_service_with_connect_info::<wire::Line>();
        let server = axum::serve(wire::Lines(listener), service).with_graceful_shutdown(async move {
            ended.await.ok();
        });
        tokio::spawn(async move { server.await });
        Ok(Self { inside, address, _end: end })
    }

    /// Where it is: `http://127.0.0.1:…`.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Time goes by, here and in the cluster; a cluster that is moved by itself takes the console along. Only a console with
    /// a still clock is moved.
    pub fn advance(&self, by: Duration) {
        if !self.inside.clock.is_real() {
            self.inside.advance(by);
        }
    }

    /// The next calls of a path meet this fault, so many of them.
    pub fn fault(&self, path: &str, fault: Fault, times: usize) {
        self.inside.world().faults.times(path, fault, times);
    }

    /// All calls of a path meet this fault, for so long by the console's clock.
    pub fn fault_for(&self, path: &str, fault: Fault, length: Duration) {
        let mut world = self.inside.world();
        let until = world.now + millis(length);
        world.faults.until(path, fault, until);
    }

    /// No fault is switched on any more.
    pub fn heal(&self) {
        self.inside.world().faults.clear();
    }

    /// Down and up again: sessions are gone and what was under way stays where it was (§0.1 no. 12).
    pub fn restart(&self) {
        self.inside.world().restart();
    }

    /// Every session comes to its end, as if its time were over.
    pub fn expire_sessions(&self) {
        self.inside.world().tokens.expire();
    }

    /// An application is gone from the database, as after a restored backup.
    pub fn forget(&self, app: u64) {
        self.inside.world().apps.remove(&app);
    }

    /// An uploaded jar is gone from the server (§0.1 no. 11).
    pub fn lose_jar(&self, name: &str) {
        self.inside.world().jars.remove(name);
    }

    /// How long things take here.
    pub fn set_times(&self, change: impl FnOnce(&mut Times)) {
        change(&mut self.inside.world().times);
    }

    /// The paths an access token may call beside the open ones (`streampark.openapi.white-list`).
    pub fn set_white_list(&self, paths: &[&str]) {
        self.inside.world().white_list = paths.iter().map(|path| (*path).to_owned()).collect();
    }

    /// One more user; the password is `streampark`.
    pub fn add_user(&self, name: &str, teams: &[(u64, Role)]) {
        let mut world = self.inside.world();
        let id = 100_000 + u64::try_from(world.users.len()).unwrap_or_default();
        let (name, password) = (name.to_owned(), "streampark".to_owned());
        world.users.push(user::User { id, name, password, admin: false, locked: false, teams: teams.to_vec() });
    }

    /// Locks or unlocks a user.
    pub fn lock_user(&self, name: &str, locked: bool) {
        for user in self.inside.world().users.iter_mut().filter(|user| user.name == name) {
            user.locked = locked;
        }
    }

    /// A Flink home, a cluster and a jar, and a template in team 100000 that stands on them; its id.
    pub fn template(&self, name: &str, main_class: &str) -> u64 {
        let mut world = self.inside.world();
        if world.envs.is_empty() {
            world.furnish();
        }
        let jar = format!("{name}.jar");
        world.put_jar(&jar, main_class);
        let settings = Settings {
            name: Some(name.to_owned()),
            version: Some(1),
            cluster: Some(1),
            execution_mode: 1,
            jar_sum: world.jars.get(&jar).map(|jar| jar.sum),
            jar: Some(jar),
            main_class: Some(main_class.to_owned()),
            options: Some("{\"parallelism.default\":1}".to_owned()),
            resolve_order: Some(0),
            restart_size: Some(0),
            ..Settings::default()
        };
        let id = world.next_app;
        world.next_app += 1;
        let now = world.now;
        world.apps.insert(id, App::new(id, 100_000, 100_000, settings, now));
        id
    }

    /// The next application that is made has this id: for replaying what was recorded with it.
    pub fn next_id(&self, id: u64) {
        self.inside.world().next_app = id;
    }

    /// Names and ids of all applications.
    pub fn apps(&self) -> Vec<(u64, String)> {
        self.inside.world().apps.values().map(|app| (app.id, app.name().to_owned())).collect()
    }
}
