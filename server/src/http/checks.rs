//! Gathers the facts about tables that are asked for, lets the domain say what it finds, and groups that by cause.
//!
//! The same look is taken while picking and at submit.

use std::collections::{BTreeMap, BTreeSet};

use api::drafts::{CheckGroup, Checks};
use domain::cause::Who;
use domain::check::{self, Brought, Dialect, Facts, Finding, Known, Limits, Place, Places, Severity, findings, worst};
use domain::ids::{ItemId, RequestId, RouteId, SourceId};
use domain::name::TableName;
use domain::request::AskedTable;
use domain::rights::{Verb, may};
use domain::route::Route;
use domain::said::Said;

use super::caller::Caller;
use super::problem::Answer;
use super::tables::may_find;
use super::views::{Context, thing_read};
use crate::store::Tx;
use crate::store::bulk::Writer;
use crate::store::items::ItemRecord;
use crate::store::readers::Readers;
use crate::store::tables::Table;

/// The most findings about single tables that a group spells out.
const MOST_EACH: usize = 20;

/// One table that was looked at.
pub struct Looked {
    /// The table.
    pub asked: AskedTable,
    /// Its name in the lake, where it has one.
    pub target: Option<TableName>,
    /// The item of others that it joins.
    pub joins: Option<Joins>,
    /// Everything that was found.
    pub findings: Vec<Finding>,
}

/// What somebody brings already is not copied again.
pub enum Joins {
    /// One may see its rows, or has asked to: it is linked.
    Seen(ItemId),
    /// One may not: it is asked for to read.
    Closed(ItemId),
}

impl Looked {
    /// The worst that was found.
    pub fn worst(&self) -> Option<Severity> {
        worst(&self.findings)
    }
}

/// What the engine of a route can do, and what the route allows.
pub fn limits(route: &Route) -> Limits {
    let follows = route.engine.follows();
    let bytes = (!follows).then_some(lake::LIMIT_BYTES);
    let bytes = [bytes, route.limits.most_bytes].into_iter().flatten().min();
    Limits { bytes, follows }
}

/// Looks at tables that would go by a route. `of` is the request that is changed, if one is: its own tables take no name
/// away from it.
pub async fn look(
    tx: &mut Tx,
    by: &Caller,
    context: &Context,
    tables: &[AskedTable],
    route: &Route,
    of: Option<&RequestId>,
) -> Answer<Vec<Looked>> {
    let known = tx.tables().among(tables).await?;
    let living = tx.items().living_among(tables, &route.id).await?;
    let (readers, own) = if living.is_empty() { Default::default() } else { reading(tx, by, &route.id).await? };
    let target = |each: &AskedTable| route.naming.target(&context.source_name(&each.source), &each.table);
    let targets: Vec<Option<TableName>> = tables.iter().map(|each| target(each).ok()).collect();
    let named: Vec<TableName> = targets.iter().flatten().cloned().collect();
    let taken = tx.items().targets_among(&named).await?;
    let mut taken_by: BTreeMap<String, Vec<&Writer>> = BTreeMap::new();
    for writer in &taken {
        taken_by.entry(writer.target.to_string().to_lowercase()).or_default().push(writer);
    }
    let mut seen = Seen { known: &known, context, by, open: BTreeMap::new() };
    let (mut places, limits) = (Places::default(), limits(route));
    let mut looked = Vec::with_capacity(tables.len());
    for (asked, target) in tables.iter().zip(targets) {
        let (known, retired, dialect) = seen.of(asked);
        // What one may not find is not there, whoever brings it.
        let record = living.get(asked).filter(|_| seen.may(&asked.source));
        let who = record.map(|record| context.name(&record.item.requester)).unwrap_or_default();
        let others = target.as_ref().and_then(|target| taken_by.get(&target.to_string().to_lowercase()));
        let place = Place {
            target: target.as_ref(),
            twice: target.as_ref().and_then(|target| places.take(target, asked)).map(|other| &other.table),
            taken: others
                .and_then(|others| others.iter().find(|other| takes(other, asked, &route.id, of)))
                .map(|other| (&other.table.table, context.route_name(&other.route))),
            brought: record.map(|record| Brought { who: &who, in_lake: in_lake(record) }),
        };
        let findings = findings(&Facts { table: &asked.table, known, retired, dialect, limits, place });
        let joins = record.map(|record| joins(by, record, &readers, own.get(asked)));
        looked.push(Looked { asked: asked.clone(), joins, findings, target });
    }
    Ok(looked)
}

/// Whether a writer takes the name away: not the same table by the same route, which is linked, nor an own one.
fn takes(writer: &Writer, asked: &AskedTable, route: &RouteId, of: Option<&RequestId>) -> bool {
    let same = writer.table == *asked;
    let own = writer.route == *route || of.is_some_and(|of| writer.request == *of);
    !(same && own)
}

/// Those let in to read, and what one asked to read oneself.
async fn reading(tx: &mut Tx, by: &Caller, route: &RouteId) -> Answer<(Readers, BTreeMap<AskedTable, ItemId>)> {
    let readers = tx.items().readers(&by.viewer).await?;
    Ok((readers, tx.items().reading(&by.person.id, route).await?))
}

fn joins(by: &Caller, brings: &ItemRecord, readers: &Readers, own: Option<&ItemId>) -> Joins {
    if may(&by.viewer, Verb::SeeRows, thing_read(brings, readers)) {
        return Joins::Seen(brings.item.id.clone());
    }
    own.map_or_else(|| Joins::Closed(brings.item.id.clone()), |own| Joins::Seen(own.clone()))
}

fn in_lake(record: &ItemRecord) -> bool {
    record.item.landed.is_some()
}

/// What the catalogue knows, as far as these eyes may see it.
struct Seen<'a> {
    known: &'a BTreeMap<AskedTable, Table>,
    context: &'a Context,
    by: &'a Caller,
    open: BTreeMap<SourceId, bool>,
}

impl<'a> Seen<'a> {
    fn may(&mut self, source: &SourceId) -> bool {
        let look = || may_find(self.by, self.context, source);
        *self.open.entry(source.clone()).or_insert_with(look)
    }

    fn of(&mut self, asked: &AskedTable) -> (Known<'a>, bool, Dialect) {
        let may = self.may(&asked.source);
        let source = self.context.sources.iter().find(|source| source.id == asked.source).filter(|_| may);
        let dialect = source.map_or(Dialect::None, |source| Dialect::of_kind(source.place.kind()));
        let known = match (source, self.known.get(asked)) {
            (Some(_), Some(table)) => Known::Shape(&table.shape, table.bytes),
            (Some(source), None) if source.read_at.is_none() => Known::NotRead,
            _ => Known::Missing,
        };
        (known, source.is_some_and(|source| source.retired.is_some()), dialect)
    }
}

/// What was found, by cause.
pub fn summed(context: &Context, looked: &[Looked], version: i64) -> Checks {
    let count = |severity: Option<Severity>| looked.iter().filter(|each| each.worst() == severity).count() as u64;
    Checks {
        version,
        tables: looked.len() as u64,
        fine: count(None),
        know: count(Some(Severity::GoodToKnow)),
        fix: count(Some(Severity::MustFix)),
        unknown: count(Some(Severity::NotKnown)),
        groups: groups(context, looked),
        at: context.now,
    }
}

/// A finding with the table it is about.
type Found<'a> = (&'a Looked, &'a Finding);

/// One group a finding, and where somebody must act one a source: another owner is another person.
fn groups(context: &Context, looked: &[Looked]) -> Vec<CheckGroup> {
    let mut by_cause: BTreeMap<(check::Code, Option<&SourceId>), Vec<Found<'_>>> = BTreeMap::new();
    for each in looked {
        for finding in &each.findings {
            let apart = (finding.code.who() == Who::SourceOwner).then_some(&each.asked.source);
            by_cause.entry((finding.code, apart)).or_default().push((each, finding));
        }
    }
    let mut groups: Vec<_> = by_cause.into_iter().map(|((code, _), found)| group(context, code, &found)).collect();
    groups.sort_by_key(|group| group.severity);
    groups
}

fn group(context: &Context, code: check::Code, found: &[Found<'_>]) -> CheckGroup {
    let sources: BTreeSet<&SourceId> = found.iter().map(|(each, _)| &each.asked.source).collect();
    let source = match sources.iter().collect::<Vec<_>>().as_slice() {
        [one] => Some(**one),
        _ => None,
    };
    let who = code.who();
    let person = match source {
        Some(source) => context.who_acts(who, source),
        None => found.first().map(|(each, _)| context.who_acts(who, &each.asked.source)).unwrap_or_default(),
    };
    let named = if person.is_empty() { format!("who.{}", word(who)) } else { person.clone() };
    let mut sql: Vec<&str> =
        found.iter().map(|(_, finding)| finding.sql.as_str()).filter(|sql| !sql.is_empty()).collect();
    sql.dedup();
    CheckGroup {
        code: code.word().into(),
        severity: code.severity(),
        said: Said::new(format!("check.{}", code.word())).count("n", found.len() as u64),
        more: Said::new(format!("check.{}.more", code.word())).text("who", named),
        who,
        person,
        source: source.map(|source| context.source_name(source)).unwrap_or_default(),
        sql: sql.join("\n"),
        each: found.iter().take(MOST_EACH).map(|(_, finding)| finding.said.clone()).collect(),
        tables: found.iter().map(|(each, _)| each.asked.clone()).collect(),
    }
}

fn word(who: Who) -> &'static str {
    match who {
        Who::Lakegate => "lakegate",
        Who::Requester => "requester",
        Who::SourceOwner => "source_owner",
        Who::Operator => "operator",
    }
}
