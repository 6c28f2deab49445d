//! What is run in the lake's own tools so that somebody may read there too: a GRANT for Hive, which Ranger takes as well.

use domain::item::State;
use domain::name::TableName;

use super::views::Context;
use crate::store::items::ItemRecord;

/// At most so many lines: longer lists are copied from the tables' own pages.
const MOST: usize = 200;

/// A line for each table that was let in, or waits to be, only to be read; empty where none is.
pub fn grants<'r>(context: &Context, records: impl IntoIterator<Item = &'r ItemRecord>) -> String {
    let reads = records.into_iter().filter(|record| record.item.kind.reads().is_some() && may_come(&record.item.state));
    let mut lines: Vec<_> =
        reads.map(|record| grant(&record.item.target, &context.login(&record.item.requester))).collect();
    let more = lines.len().saturating_sub(MOST);
    lines.truncate(MOST);
    if more > 0 {
        lines.push(format!("-- +{more}"));
    }
    lines.join("\n")
}

fn may_come(state: &State) -> bool {
    matches!(state, State::Submitted { .. } | State::Approved { .. } | State::Ready { .. })
}

fn grant(target: &TableName, login: &str) -> String {
    let quoted = |name: &str| format!("`{}`", name.replace('`', "``"));
    let (database, table) = (quoted(target.database.as_str()), quoted(target.table.as_str()));
    format!("GRANT SELECT ON TABLE {database}.{table} TO USER {};", quoted(login))
}
