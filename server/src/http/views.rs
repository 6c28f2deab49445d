//! From rows of the store to what travels: names, sentences, sums.

use std::collections::{BTreeMap, BTreeSet};

use api::me::PersonView;
use api::requests::{ItemRow, Line, ProblemBox, Progress, RequestRow};
use domain::brake::{Brake, brake_of};
use domain::cause::Who;
use domain::chain::Step;
use domain::change::Actor;
use domain::ids::{ItemId, PersonId, RouteId, SourceId, TeamId};
use domain::item::{Kind, State};
use domain::person::Person;
use domain::request::{Request, Stamp};
use domain::rights::{Reader, Thing, Verb, may};
use domain::route::Route;
use domain::said::Said;
use domain::tally::{Part, Tally};
use domain::time::Millis;

use super::caller::Caller;
use crate::state::AppState;
use crate::store::alike::Alike;
use crate::store::items::ItemRecord;
use crate::store::readers::Readers;
use crate::store::sources::{Owner, Source, name_of};
use crate::store::{StoreError, Tx, changes};
use crate::work::reconcile::{LOOK_EVERY, known};

/// Tables named in a line of a timeline: the first ones it is about.
pub const NAMED: usize = 5;

/// The small tables that every view needs, read once a call.
pub struct Context {
    people: Vec<Person>,
    teams: Vec<(TeamId, String)>,
    owners: Vec<Owner>,
    /// All sources.
    pub sources: Vec<Source>,
    /// All routes.
    pub routes: Vec<Route>,
    /// The operators' brakes.
    pub brakes: Vec<Brake>,
    deadlines: domain::deadline::Deadlines,
    /// The server's time.
    pub now: Millis,
}

impl Context {
    /// Reads them.
    pub async fn load(app: &AppState, tx: &mut Tx) -> Result<Self, StoreError> {
        Ok(Self {
            people: tx.people().all().await?,
            teams: tx.people().teams().await?,
            owners: tx.sources().owners().await?,
            sources: tx.sources().all().await?,
            routes: tx.routes().all().await?,
            brakes: tx.brakes().all().await?,
            deadlines: app.config.deadlines.clone(),
            now: app.clock.now(),
        })
    }

    /// A person as others see them.
    pub fn person(&self, id: &PersonId) -> PersonView {
        let team = self.people.iter().find(|person| person.id == *id).and_then(|person| person.team.as_ref());
        let team = team.and_then(|team| self.teams.iter().find(|(id, _)| id == team));
        PersonView { id: id.clone(), name: self.name(id), team: team.map(|(_, name)| name.clone()).unwrap_or_default() }
    }

    /// Everybody with the name of their team.
    pub fn everybody(&self) -> impl Iterator<Item = (&Person, String)> {
        self.people.iter().map(|person| (person, self.person(&person.id).team))
    }

    /// A person's name.
    pub fn name(&self, id: &PersonId) -> String {
        name_of(&self.people, id)
    }

    /// How many people will read what a request brings: the requester and their team.
    pub fn readers(&self, request: &Request) -> u64 {
        let reads = |person: &&Person| {
            let mate = request.team.is_some() && person.team == request.team && !person.disabled;
            person.id == request.requester || mate
        };
        self.people.iter().filter(reads).count() as u64
    }

    /// A person's sign-in name.
    pub fn login(&self, id: &PersonId) -> String {
        self.people.iter().find(|person| person.id == *id).map(|person| person.login.clone()).unwrap_or_default()
    }

    /// A source's name.
    pub fn source_name(&self, id: &SourceId) -> String {
        self.sources.iter().find(|source| source.id == *id).map(|source| source.name.clone()).unwrap_or_default()
    }

    /// A route's name.
    pub fn route_name(&self, id: &RouteId) -> &str {
        self.routes.iter().find(|route| route.id == *id).map(|route| route.name.as_str()).unwrap_or_default()
    }

    /// What is said of a source that is retired.
    pub fn retired(&self, source: &Source) -> Option<Said> {
        source.retired.as_ref().map(|retired| retired.say(&self.name(&retired.by)))
    }

    /// Names of a source's owners.
    pub fn owner_names(&self, source: &SourceId) -> Vec<String> {
        self.owners.iter().filter(|(of, _, _)| of == source).map(|(_, _, name)| name.clone()).collect()
    }

    /// A source's owners.
    pub fn owners_of(&self, source: &SourceId) -> Vec<PersonView> {
        self.owners.iter().filter(|(of, _, _)| of == source).map(|(_, person, _)| self.person(person)).collect()
    }

    /// Names of those who decide about a requester's tables of a source: its owners, else the operators.
    pub fn decider_names(&self, source: &SourceId, requester: &PersonId) -> Vec<String> {
        self.step(source, requester).people().iter().map(|person| self.name(person)).collect()
    }

    /// The step that decides about a requester's tables of a source.
    pub fn step(&self, source: &SourceId, requester: &PersonId) -> Step {
        let owners = self.owners.iter().filter(|(of, _, _)| of == source).map(|(_, person, _)| person);
        let operators = self.people.iter().filter(|person| person.operator && !person.disabled);
        Step::of(source, requester, owners, operators.map(|person| &person.id))
    }

    /// Whether somebody else than operators may decide about these records.
    pub fn has_decider(&self, source: &SourceId, requester: &PersonId) -> bool {
        !self.step(source, requester).stands_in()
    }

    /// Until when a state may last.
    pub fn until(&self, state: &State) -> Millis {
        self.deadlines.of(state, None).map_or(Millis(0), |deadline| deadline.until)
    }

    /// Whether the caller may decide about one record.
    pub fn may_decide(&self, by: &Caller, record: &ItemRecord) -> bool {
        self.decides(by, &record.item.source, &record.item.requester, record.team.as_ref())
    }

    /// Whether the caller may decide about all that are alike.
    pub fn may_decide_all(&self, by: &Caller, alike: &Alike) -> bool {
        self.decides(by, &alike.source, &alike.requester, alike.team.as_ref())
    }

    fn decides(&self, by: &Caller, source: &SourceId, requester: &PersonId, team: Option<&TeamId>) -> bool {
        let sources = BTreeSet::from([source.clone()]);
        let has_decider = self.has_decider(source, requester);
        may(&by.viewer, Verb::Decide, Thing::Request { requester, team, sources: &sources, has_decider })
    }

    /// An item in a list.
    pub fn item(&self, record: &ItemRecord) -> ItemRow {
        let item = &record.item;
        let (state, known) = (record.shown(), known(record, self.now));
        let shown = matches!(state, State::Ready { .. } | State::Late { .. });
        let unknown = shown && !known;
        let copying = matches!(item.state, State::Starting { .. } | State::Copying { .. });
        ItemRow {
            id: item.id.clone(),
            source: item.source.clone(),
            table: item.table.clone(),
            comment: record.comment.clone(),
            target: item.target.clone(),
            state: if unknown { "unknown".into() } else { state.word().into() },
            part: Part::of(state, known),
            since: item.state.since(),
            progress: record.progress.filter(|_| copying).map(|(rows, of)| Progress {
                rows,
                of,
                at: record.moved_at.unwrap_or(item.state.since()),
            }),
            as_of: state.proof().map(|proof| proof.read_at),
            now: if unknown { self.unknown(record) } else { self.now_of(record) },
            job: item.job.clone(),
            linked: record.linked,
            reads: item.kind.reads().is_some(),
        }
    }

    fn unknown(&self, record: &ItemRecord) -> Said {
        let looked = record.looked_at.unwrap_or(record.item.state.since());
        Said::new("now.unknown").at("at", looked).at("until", self.now.plus(LOOK_EVERY))
    }

    fn now_of(&self, record: &ItemRecord) -> Said {
        let item = &record.item;
        if let (State::Placed { .. }, Some(brake)) = (&item.state, self.brake(&item.source)) {
            return brake;
        }
        if let (Kind::Read { .. }, State::Approved { by, starts_at, at }) = (&item.kind, &item.state) {
            let key = if *starts_at > self.now { "now.opens" } else { "now.opens_with" };
            return Said::new(key).text("who", self.name(by)).at("since", *at).at("until", *starts_at);
        }
        let decider = self.decider_names(&item.source, &item.requester).join(", ");
        let state = record.shown();
        let person = state.by().map(|by| self.name(by)).unwrap_or_default();
        let owner = self.owner_names(&item.source).join(", ");
        // What is wrong though the state stands is what happens now; how old the data is stands beside it.
        let troubled = matches!(item.state, State::Verifying { .. } | State::Ready { .. } | State::Late { .. });
        if let Some(trouble) = item.trouble.as_ref().filter(|_| troubled) {
            return trouble.said.clone().text("owner", owner);
        }
        self.deadlines.say(state, record.moved_at, &decider, &person).text("owner", owner)
    }

    /// What the brake says that keeps tables of a source from starting.
    fn brake(&self, source: &SourceId) -> Option<Said> {
        brake_of(&self.brakes, source, self.now).map(|brake| brake.say(&self.name(&brake.by)))
    }

    /// The brake that keeps some of these from starting, now or when they are decided.
    pub fn brake_on(&self, alike: &[Alike]) -> Option<Said> {
        let waits = |group: &&Alike| {
            matches!(
                group.state,
                State::Submitted { .. }
                    | State::Approved { .. }
                    | State::Placed { .. }
                    | State::Failed { again_at: Some(_), .. }
            )
        };
        alike.iter().filter(waits).find_map(|group| self.brake(&group.source))
    }

    /// A request in a list.
    pub fn request(&self, request: &Request, alike: &[Alike]) -> RequestRow {
        let own = || alike.iter().filter(|group| !group.linked);
        let submitted = || own().filter(|group| matches!(group.state, State::Submitted { .. }));
        let mut names: Vec<String> =
            submitted().flat_map(|group| self.decider_names(&group.source, &request.requester)).collect();
        names.sort();
        names.dedup();
        let stamp = Stamp::of(own().map(|group| (&group.state, group.tables)));
        RequestRow {
            id: request.id.clone(),
            number: format!("R-{}", request.number),
            title: request.asked.title.clone(),
            requester: self.person(&request.requester),
            submitted_at: request.submitted_at,
            now: self.request_now(alike, &names),
            stamp,
            deciders: names,
            tally: tally(alike),
        }
    }

    fn request_now(&self, alike: &[Alike], deciders: &[String]) -> Said {
        let waiting = alike.iter().find(|group| matches!(group.state, State::Submitted { .. }));
        if let Some(group) = waiting {
            let who = deciders.join(", ");
            let (since, until) = (group.state.since(), self.until(&group.state));
            return Said::new("request.waiting").text("who", who).at("since", since).at("until", until);
        }
        for group in alike {
            if let State::SentBack { by, .. } = &group.state {
                let until = self.until(&group.state);
                return Said::new("request.sent_back").text("who", self.name(by)).at("until", until);
            }
        }
        let placed = |group: &&Alike| matches!(group.state, State::Placed { .. });
        if let Some(brake) = alike.iter().filter(placed).find_map(|group| self.brake(&group.source)) {
            return brake;
        }
        let tally = tally(alike);
        let living = tally.requested() - tally.ended;
        if living == 0 {
            Said::new("request.ended")
        } else if tally.ready == living {
            Said::new("request.all_ready").count("n", living)
        } else {
            Said::new("request.some")
                .count("n", living)
                .count("ready", tally.ready)
                .count("running", tally.running + tally.waiting)
                .count("failed", tally.failed)
        }
    }

    /// Problems, one a cause, most tables first.
    pub fn problems(&self, records: &[ItemRecord]) -> Vec<ProblemBox> {
        let mut boxes: BTreeMap<(String, String), ProblemBox> = BTreeMap::new();
        for record in records {
            let (cause, since, again_at) = match record.shown() {
                State::Failed { cause, at, again_at, .. } => (cause, *at, *again_at),
                _ => continue,
            };
            let key = (cause.code.word().to_owned(), serde_json::to_string(&cause.said).unwrap_or_default());
            let row = self.item(record);
            let new = || ProblemBox {
                said: row.now.clone(),
                next: self.next(cause, &record.item.source),
                who: cause.code.who(),
                person: self.who_acts(cause.code.who(), &record.item.source),
                since,
                items: Vec::new(),
                tables: Vec::new(),
                count: 0,
                again_at,
            };
            let this = boxes.entry(key).or_insert_with(new);
            this.count += 1;
            if this.items.len() < 50 {
                this.items.push(record.item.id.clone());
            }
            if this.tables.len() < 5 {
                this.tables.push(record.item.table.to_string());
            }
            this.since = this.since.min(since);
        }
        let mut boxes: Vec<_> = boxes.into_values().collect();
        boxes.sort_by_key(|this| (this.again_at.is_some(), std::cmp::Reverse(this.count)));
        boxes
    }

    /// What to do about a cause.
    pub fn next(&self, cause: &domain::cause::Cause, source: &SourceId) -> Said {
        Said::new(format!("next.{}", cause.code.word())).text("owner", self.owner_or_someone(source))
    }

    fn owner_or_someone(&self, source: &SourceId) -> String {
        let owners = self.owner_names(source);
        if owners.is_empty() { self.source_name(source) } else { owners.join(", ") }
    }

    /// Everybody who can sign in.
    pub fn who_can_sign_in(&self) -> Vec<PersonView> {
        self.people.iter().filter(|person| !person.disabled).map(|person| self.person(&person.id)).collect()
    }

    /// Names of the operators.
    pub fn operators(&self) -> String {
        let operators = self.people.iter().filter(|person| person.operator && !person.disabled);
        operators.map(|person| person.shown.clone()).collect::<Vec<_>>().join(", ")
    }

    /// The names of those who must act, where they are known.
    pub fn who_acts(&self, who: Who, source: &SourceId) -> String {
        match who {
            Who::SourceOwner => self.owner_names(source).join(", "),
            Who::Operator => self.operators(),
            Who::Lakegate | Who::Requester => String::new(),
        }
    }

    /// A line of a timeline; `tables` names the items it touches.
    pub fn line(&self, line: &changes::Line, tables: &BTreeMap<ItemId, String>) -> Line {
        let who = match &line.change.actor {
            Actor::Lakegate => String::new(),
            Actor::Console => "lakegate user".into(),
            Actor::Person(id) => self.name(id),
        };
        let kind = serde_json::to_value(&line.change.happened)
            .ok()
            .and_then(|value| value.get("kind").and_then(|kind| kind.as_str().map(str::to_owned)))
            .unwrap_or_default();
        let named = line.change.items.iter().filter_map(|item| tables.get(item).cloned());
        Line {
            seq: line.seq,
            at: line.at,
            kind,
            said: line.change.happened.say(if who.is_empty() { "Lakegate" } else { &who }),
            comment: line.change.happened.comment().to_owned(),
            tables: named.take(NAMED).collect(),
            count: line.change.items.len() as u64,
            who,
        }
    }
}

/// The sum over all that are alike.
pub fn tally(alike: &[Alike]) -> Tally {
    Tally::of(alike.iter().map(|group| (group.part(), group.tables)))
}

/// Whether a caller may see a request of these sources.
pub fn may_see(by: &Caller, request: &Request, sources: &BTreeSet<SourceId>) -> bool {
    let (requester, team) = (&request.requester, request.team.as_ref());
    may(&by.viewer, Verb::SeeRequest, Thing::Request { requester, team, sources, has_decider: true })
}

/// A record as rights know it.
pub fn thing_of(record: &ItemRecord) -> Thing<'_> {
    thing(record, &[])
}

/// A record as rights know it, with those who were let in to read its table.
pub fn thing_read<'r>(record: &'r ItemRecord, readers: &'r Readers) -> Thing<'r> {
    thing(record, readers.of(&record.item))
}

fn thing<'r>(record: &'r ItemRecord, readers: &'r [Reader]) -> Thing<'r> {
    let item = &record.item;
    Thing::Item { requester: &item.requester, team: record.team.as_ref(), source: &item.source, readers }
}

/// The names of records' tables by their items.
pub fn table_names<'r>(records: impl IntoIterator<Item = &'r ItemRecord>) -> BTreeMap<ItemId, String> {
    records.into_iter().map(|record| (record.item.id.clone(), record.item.table.to_string())).collect()
}
