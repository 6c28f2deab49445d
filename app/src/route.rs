//! Pages and their paths. The only place where a page path is spelled.
//!
//! Invariant: `Route::parse(route.path())` is the route again, whatever its names hold.

use api::domain::ids::{DraftId, PersonId, RequestId, RouteId, SourceId};
use api::domain::name::TableName;
use api::paths::{encode, with};

/// A page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Route {
    /// What waits for me.
    Home,
    /// Tables of all sources.
    Catalogue,
    /// Requests one may see.
    Requests,
    /// Begins a request with the tables selected.
    NewRequest,
    /// A request while it is written; which step stands behind it in the path.
    Draft(DraftId),
    /// One request.
    Request(RequestId),
    /// What waits for one's decision.
    Inbox,
    /// The card on which one decides.
    Card(RequestId),
    /// Tables in the lake.
    Lake,
    /// One table of the lake.
    LakeTable(TableName),
    /// Jobs, worst first.
    Jobs,
    /// One job, by its name.
    Job(String),
    /// Does it hold, what is late and why, is there room.
    Overview,
    /// Sources as things to set up.
    Sources,
    /// A source to be.
    SourceNew,
    /// One source.
    Source(SourceId),
    /// Routes as things to set up.
    Routes,
    /// A route to be.
    RoutesNew,
    /// One route.
    RoutesOne(RouteId),
    /// People and teams.
    People,
    /// A person to be.
    NewPerson,
    /// One person.
    Person(PersonId),
    /// One's sessions, language and theme.
    Me,
    /// Every part of `ui` once.
    #[cfg(feature = "testing")]
    Components,
    /// The way in.
    SignIn,
    /// Makes the first operator.
    Setup,
    /// Sets one's password by a link.
    Password,
    /// No such page.
    Lost,
}

impl Route {
    /// The path of the page.
    pub fn path(&self) -> String {
        match self {
            Self::Home => "/".to_owned(),
            Self::Catalogue => "/catalogue".to_owned(),
            Self::Requests => "/requests".to_owned(),
            Self::NewRequest => "/requests/new".to_owned(),
            Self::Draft(id) => Step::Tables.path(id),
            Self::Request(id) => format!("/requests/{id}"),
            Self::Inbox => "/inbox".to_owned(),
            Self::Card(id) => format!("/inbox/{id}"),
            Self::Lake => "/lake".to_owned(),
            Self::LakeTable(name) => {
                format!("/lake/{}/{}", encode(name.database.as_str()), encode(name.table.as_str()))
            }
            Self::Jobs => "/jobs".to_owned(),
            Self::Job(name) => format!("/jobs/{}", encode(name)),
            Self::Overview => "/overview".to_owned(),
            Self::Sources => "/sources".to_owned(),
            Self::SourceNew => "/sources/new".to_owned(),
            Self::Source(id) => format!("/sources/{id}"),
            Self::Routes => "/routes".to_owned(),
            Self::RoutesNew => "/routes/new".to_owned(),
            Self::RoutesOne(id) => format!("/routes/{id}"),
            Self::People => "/people".to_owned(),
            Self::NewPerson => "/people/new".to_owned(),
            Self::Person(id) => format!("/people/{id}"),
            Self::Me => "/me".to_owned(),
            #[cfg(feature = "testing")]
            Self::Components => "/components".to_owned(),
            Self::SignIn => "/sign-in".to_owned(),
            Self::Setup => "/setup".to_owned(),
            Self::Password => "/password".to_owned(),
            Self::Lost => "/lost".to_owned(),
        }
    }

    /// The page of a path.
    pub fn parse(path: &str) -> Self {
        let parts: Vec<String> = path.split('/').filter(|part| !part.is_empty()).map(decode).collect();
        let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
        match parts.as_slice() {
            [] => Self::Home,
            ["catalogue"] => Self::Catalogue,
            ["requests"] => Self::Requests,
            ["requests", "new"] => Self::NewRequest,
            ["requests", "new", id] => id.parse().map_or(Self::Lost, Self::Draft),
            ["requests", "new", id, step] if Step::of(step).is_some() => id.parse().map_or(Self::Lost, Self::Draft),
            ["requests", id] => id.parse().map_or(Self::Lost, Self::Request),
            ["inbox"] => Self::Inbox,
            ["inbox", id] => id.parse().map_or(Self::Lost, Self::Card),
            ["lake"] => Self::Lake,
            ["lake", database, table] => TableName::parse(database, table).map_or(Self::Lost, Self::LakeTable),
            ["jobs"] => Self::Jobs,
            ["jobs", name] => Self::Job((*name).to_owned()),
            ["overview"] => Self::Overview,
            ["sources"] => Self::Sources,
            ["sources", "new"] => Self::SourceNew,
            ["sources", id] => id.parse().map_or(Self::Lost, Self::Source),
            ["routes"] => Self::Routes,
            ["routes", "new"] => Self::RoutesNew,
            ["routes", id] => id.parse().map_or(Self::Lost, Self::RoutesOne),
            ["people"] => Self::People,
            ["people", "new"] => Self::NewPerson,
            ["people", id] => id.parse().map_or(Self::Lost, Self::Person),
            ["me"] => Self::Me,
            #[cfg(feature = "testing")]
            ["components"] => Self::Components,
            ["sign-in"] => Self::SignIn,
            ["setup"] => Self::Setup,
            ["password"] => Self::Password,
            _ => Self::Lost,
        }
    }

    /// The address of the page with parameters; empty ones are left out.
    pub fn with(&self, params: &[(&str, &str)]) -> String {
        with(&self.path(), params)
    }

    /// The page below which it stands in the nav.
    pub fn section(&self) -> Self {
        match self {
            Self::Request(_) | Self::NewRequest | Self::Draft(_) => Self::Requests,
            Self::Card(_) => Self::Inbox,
            Self::LakeTable(_) => Self::Lake,
            Self::Job(_) => Self::Jobs,
            Self::SourceNew | Self::Source(_) => Self::Sources,
            Self::RoutesNew | Self::RoutesOne(_) => Self::Routes,
            Self::NewPerson | Self::Person(_) => Self::People,
            other => other.clone(),
        }
    }

    /// Whether one sees it without being signed in.
    pub fn is_gate(&self) -> bool {
        matches!(self, Self::SignIn | Self::Setup | Self::Password)
    }
}

/// A step of a request while it is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Step {
    /// Have I got them all?
    Tables,
    /// How fresh, where, why, how long?
    Destination,
    /// Can it be done, and who has to do something?
    Checks,
    /// What do I sign?
    Review,
}

impl Step {
    /// The steps in their order.
    pub const ALL: [Self; 4] = [Self::Tables, Self::Destination, Self::Checks, Self::Review];

    /// How the path names it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Tables => "tables",
            Self::Destination => "destination",
            Self::Checks => "checks",
            Self::Review => "review",
        }
    }

    fn of(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|step| step.word() == word)
    }

    /// The step of a path; the first where it names none.
    pub fn parse(path: &str) -> Self {
        path.rsplit('/').next().and_then(Self::of).unwrap_or(Self::Tables)
    }

    /// The path of a step of a draft.
    pub fn path(self, draft: &DraftId) -> String {
        format!("/requests/new/{draft}/{}", self.word())
    }
}

/// The page one wanted before signing in: only a path of ours is followed.
pub fn wanted(next: &str) -> String {
    let ours = next.starts_with('/') && !next.starts_with("//") && !next.contains('\\');
    let path = next.split(['?', '#']).next().unwrap_or_default();
    if ours && !Route::parse(path).is_gate() { next.to_owned() } else { Route::Home.path() }
}

/// Takes percent-encoding back; what is not valid stays as it is.
pub fn decode(part: &str) -> String {
    let bytes = part.as_bytes();
    let mut plain = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let hex = part.get(at + 1..at + 3).and_then(|hex| u8::from_str_radix(hex, 16).ok());
        match (bytes[at], hex) {
            (b'%', Some(byte)) => {
                plain.push(byte);
                at += 3;
            }
            (byte, _) => {
                plain.push(byte);
                at += 1;
            }
        }
    }
    String::from_utf8(plain).unwrap_or_else(|_| part.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_page_is_found_again_by_its_path() {
        let id: RequestId = "0195-x".parse().expect("an id");
        let pages = [
            Route::Home,
            Route::Catalogue,
            Route::Requests,
            Route::NewRequest,
            Route::Draft("0195-d".parse().expect("an id")),
            Route::Request(id.clone()),
            Route::Inbox,
            Route::Card(id),
            Route::Lake,
            Route::LakeTable(TableName::parse("ods_门店", "a%b.c d").expect("a name")),
            Route::Jobs,
            Route::Job("lg-lease-m-03".into()),
            Route::Overview,
            Route::Sources,
            Route::SourceNew,
            Route::Source("lease".parse().expect("an id")),
            Route::Routes,
            Route::RoutesNew,
            Route::RoutesOne("lake".parse().expect("an id")),
            Route::People,
            Route::NewPerson,
            Route::Person("ana".parse().expect("an id")),
            Route::Me,
            Route::SignIn,
            Route::Setup,
            Route::Password,
            Route::Lost,
        ];
        for page in pages {
            assert_eq!(Route::parse(&page.path()), page);
        }
    }

    #[test]
    fn each_step_of_a_draft_is_a_page_of_it() {
        let id: DraftId = "0195-d".parse().expect("an id");
        for step in Step::ALL {
            let path = step.path(&id);
            assert_eq!((Route::parse(&path), Step::parse(&path)), (Route::Draft(id.clone()), step));
        }
        assert_eq!(Step::parse("/requests/new/0195-d"), Step::Tables);
    }

    #[test]
    fn what_is_no_page_is_lost() {
        for path in ["/nowhere", "/requests/a b", "/requests/new/x/nowhere", "/lake/one", "/lake/%2e%2e/x"] {
            assert_eq!(Route::parse(path), Route::Lost, "{path}");
        }
    }

    #[test]
    fn only_our_own_pages_are_followed_after_sign_in() {
        assert_eq!(wanted("/requests/x?tab=timeline"), "/requests/x?tab=timeline");
        for foreign in ["https://evil.example", "//evil.example", "/\\evil", "", "/sign-in?next=/"] {
            assert_eq!(wanted(foreign), "/", "{foreign}");
        }
    }

    #[test]
    fn empty_parameters_are_left_out() {
        assert_eq!(Route::Lake.with(&[("q", ""), ("part", "late")]), "/lake?part=late");
        assert_eq!(Route::Lake.with(&[("q", "a&b"), ("part", "")]), "/lake?q=a%26b");
    }
}
