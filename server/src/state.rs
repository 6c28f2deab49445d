//! What every room shares: store, outside systems, clock, ids, settings.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};

use domain::ids::{
    CopyId, DraftId, ItemId, JobId, PersonId, RequestId, RouteId, RunId, SessionId, SourceId, TaskId, TeamId,
};
use domain::time::Millis;

use crate::config::Config;
use crate::outside::Outside;
use crate::store::Store;
use crate::vault::Vault;

/// The clock: the system's, or one that only tests move.
#[derive(Debug, Clone)]
pub struct Clock(Option<Arc<AtomicI64>>);

impl Clock {
    /// The system's clock.
    pub const fn system() -> Self {
        Self(None)
    }

    /// A clock that stands until it is moved.
    #[cfg(feature = "testing")]
    pub fn standing(at: Millis) -> Self {
        Self(Some(Arc::new(AtomicI64::new(at.0))))
    }

    /// Moves a standing clock forward.
    #[cfg(feature = "testing")]
    pub fn advance(&self, span: i64) {
        if let Some(clock) = &self.0 {
            clock.fetch_add(span, Ordering::SeqCst);
        }
    }

    /// The moment now.
    pub fn now(&self) -> Millis {
        match &self.0 {
            Some(clock) => Millis(clock.load(Ordering::SeqCst)),
            #[expect(clippy::disallowed_methods, reason = "this is the clock")]
            None => Millis(chrono::Utc::now().timestamp_millis()),
        }
    }
}

/// Makes ids: by time and chance, or counted in tests.
#[derive(Debug, Clone)]
pub struct Ids(Option<Arc<AtomicU64>>);

macro_rules! make {
    ($($(#[$doc:meta])* $name:ident: $kind:ident;)*) => {
        impl Ids {$(
            $(#[$doc])*
            pub fn $name(&self) -> $kind {
                self.next(stringify!($name)).try_into().expect("what we make is an id")
            }
        )*}
    };
}

make! {
    /// For a request.
    request: RequestId;
    /// For a draft.
    draft: DraftId;
    /// For an item.
    item: ItemId;
    /// For a job.
    job: JobId;
    /// For a person.
    person: PersonId;
    /// For a team.
    team: TeamId;
    /// For a route.
    route: RouteId;
    /// For a source.
    source: SourceId;
    /// For a task.
    task: TaskId;
    /// For a copy.
    copy: CopyId;
    /// For a session.
    session: SessionId;
}

impl Ids {
    /// Ids by time and chance (UUID v7).
    pub const fn system() -> Self {
        Self(None)
    }

    /// Ids that count: `item-0001`.
    #[cfg(feature = "testing")]
    pub fn counted() -> Self {
        Self(Some(Arc::new(AtomicU64::new(0))))
    }

    /// For a run: 32 hex digits, since the engine knows it by the same id.
    pub fn run(&self) -> RunId {
        let id = match &self.0 {
            Some(counter) => format!("{:032x}", counter.fetch_add(1, Ordering::SeqCst) + 1),
            #[expect(clippy::disallowed_methods, reason = "this is where ids are made")]
            None => uuid::Uuid::now_v7().simple().to_string(),
        };
        id.try_into().expect("what we make is an id")
    }

    fn next(&self, kind: &str) -> String {
        match &self.0 {
            Some(counter) => format!("{kind}-{:04}", counter.fetch_add(1, Ordering::SeqCst) + 1),
            #[expect(clippy::disallowed_methods, reason = "this is where ids are made")]
            None => uuid::Uuid::now_v7().to_string(),
        }
    }
}

/// What every handler and every worker has. Cheap to clone.
#[derive(Clone)]
pub struct AppState(Arc<Shared>);

/// The shared parts.
pub struct Shared {
    /// The store.
    pub store: Store,
    /// Systems we do not own.
    pub outside: Outside,
    /// Finds tables.
    pub search: crate::search::Index,
    /// The clock.
    pub clock: Clock,
    /// Ids.
    pub ids: Ids,
    /// Seals secrets and opens them.
    pub vault: Vault,
    /// The settings.
    pub config: Config,
    /// The newest looks at clusters.
    pub clusters: crate::outside::engine::flink::cluster::Clusters,
    /// Limits on guessing passwords.
    pub guard: crate::http::guard::Guard,
    /// Hash of the token of the one-time set-up link, while nobody exists.
    pub setup: std::sync::Mutex<Option<String>>,
    /// Fires when the server stops: streams end themselves.
    pub stop: tokio_util::sync::CancellationToken,
}

impl AppState {
    /// Puts the parts together.
    pub fn new(store: Store, outside: Outside, vault: Vault, clock: Clock, ids: Ids, config: Config) -> Self {
        Self(Arc::new(Shared {
            store,
            outside,
            search: crate::search::Index::default(),
            vault,
            clock,
            ids,
            clusters: crate::outside::engine::flink::cluster::Clusters::default(),
            guard: crate::http::guard::Guard::default(),
            config,
            setup: std::sync::Mutex::new(None),
            stop: tokio_util::sync::CancellationToken::new(),
        }))
    }
}

impl std::ops::Deref for AppState {
    type Target = Shared;
    fn deref(&self) -> &Shared {
        &self.0
    }
}
