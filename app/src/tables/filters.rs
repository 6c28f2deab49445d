//! What the address says of the catalogue: the search and everything that narrows it.

use leptos::prelude::*;

use crate::address::{Param, go_to};
use crate::react::RwSignal;
use crate::route::Route;

/// What the address of the catalogue says; a handle to copy.
#[derive(Clone, Copy)]
pub struct Filters {
    /// What is searched for.
    pub q: Param,
    /// The source.
    pub source: Param,
    /// The database.
    pub db: Param,
    /// Whether it is in the lake.
    pub lake: Param,
    /// Whether it can be copied.
    pub copy: Param,
    /// How large it is.
    pub size: Param,
    /// The table whose drawer is open.
    pub open: Param,
    /// How many pages are shown.
    pub steps: RwSignal<usize>,
    go: Callback<String>,
}

/// Parameters of an address by name.
pub type Params = Vec<(&'static str, String)>;

impl Filters {
    /// As the address says.
    pub fn new() -> Self {
        let go = go_to();
        Self {
            q: Param::new("q"),
            source: Param::new("source"),
            db: Param::new("db"),
            lake: Param::new("lake"),
            copy: Param::new("copy"),
            size: Param::new("size"),
            open: Param::new("open"),
            steps: RwSignal::new(1),
            go: Callback::new(go),
        }
    }

    /// All that narrows the list.
    pub fn all(self) -> Params {
        self.params().map(|(name, param)| (name, param.get())).to_vec()
    }

    fn params(self) -> [(&'static str, Param); 6] {
        [
            ("q", self.q),
            ("source", self.source),
            ("db", self.db),
            ("lake", self.lake),
            ("copy", self.copy),
            ("size", self.size),
        ]
    }

    /// Whether anything narrows the list.
    pub fn any(self) -> bool {
        self.params().iter().any(|(_, param)| !param.get().is_empty())
    }

    /// Takes everything away.
    pub fn drop_all(self) {
        self.steps.set(1);
        self.go.run(here());
    }

    /// Chooses a source, or drops it; its databases are others.
    pub fn choose_source(self, id: &str) {
        let id = if self.source.get_now() == id { "" } else { id };
        let mut params: Params = self.params().map(|(name, param)| (name, param.get_now())).to_vec();
        for (name, value) in &mut params {
            match *name {
                "source" => id.clone_into(value),
                "db" => value.clear(),
                _ => {}
            }
        }
        self.steps.set(1);
        self.go.run(address(&here(), &params));
    }

    /// Chooses one of a group, or drops it.
    pub fn choose(self, param: Param, word: &str) {
        self.steps.set(1);
        param.toggle(word);
    }

    /// The address with another table open.
    pub fn opening(self, table: &str) -> String {
        let mut params = self.all();
        params.push(("open", table.to_owned()));
        address(&Route::Catalogue.path(), &params)
    }
}

/// The page one is on: the catalogue, or the first step of a request.
fn here() -> String {
    window().location().pathname().unwrap_or_default()
}

fn address(path: &str, params: &Params) -> String {
    let params: Vec<_> = params.iter().map(|(name, value)| (*name, value.as_str())).collect();
    api::paths::with(path, &params)
}
