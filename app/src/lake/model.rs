//! The sum of the lake and the age of its tables against the promise. Pure.

use api::domain::tier::{MINUTES_PROMISE, Tier};
use api::domain::time::{DAY, Millis};
use api::lake::{LakeRow, LakeTally};

/// The parts of the lake's sum, worst last, as the address names them.
pub const PARTS: [&str; 5] = ["ready", "late", "failed", "paused", "unknown"];

/// How many belong to a part.
pub fn part(tally: &LakeTally, part: &str) -> u64 {
    match part {
        "ready" => tally.ready,
        "late" => tally.late,
        "failed" => tally.failed,
        "paused" => tally.paused,
        _ => tally.unknown,
    }
}

/// All tables of the lake.
pub fn total(tally: &LakeTally) -> u64 {
    PARTS.iter().map(|name| part(tally, name)).sum()
}

/// How much of the promised time the data has used, in percent: 100 is when the promise breaks.
pub fn used(row: &LakeRow, now: Millis) -> Option<u64> {
    let (as_of, late_at) = (row.item.as_of?, row.late_at?);
    let promised = match row.tier {
        Tier::Minutes => MINUTES_PROMISE,
        Tier::Daily => late_at.since(as_of).max(DAY),
    };
    let left = late_at.since(now);
    let used = (promised - left).clamp(0, promised);
    u64::try_from(used * 100 / promised).ok()
}

/// Each row with what tells whether it changed.
pub fn marks(rows: &[LakeRow]) -> Vec<(String, String)> {
    rows.iter().map(|row| (row.item.id.to_string(), row.item.state.clone())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use api::domain::name::TableName;
    use api::domain::said::Said;
    use api::domain::tally::Part;
    use api::domain::time::MINUTE;
    use api::me::PersonView;
    use api::requests::ItemRow;

    fn row(tier: Tier, as_of: i64, late_at: i64) -> LakeRow {
        let name = TableName::parse("ods", "t").expect("a name");
        let item = ItemRow {
            id: "i1".parse().expect("an id"),
            source: "s1".parse().expect("an id"),
            table: name.clone(),
            comment: String::new(),
            target: name,
            state: "ready".into(),
            part: Part::Ready,
            since: Millis(0),
            progress: None,
            as_of: Some(Millis(as_of)),
            now: Said::new("now.ready"),
            job: None,
            linked: false,
            reads: false,
        };
        let owner = PersonView { id: "p1".parse().expect("an id"), name: String::new(), team: String::new() };
        LakeRow { item, tier, late_at: Some(Millis(late_at)), owner, job: String::new(), source: String::new() }
    }

    #[test]
    fn the_promise_is_used_up_when_it_breaks() {
        let minutes = row(Tier::Minutes, 0, 10 * MINUTE);
        assert_eq!(used(&minutes, Millis(0)), Some(0));
        assert_eq!(used(&minutes, Millis(5 * MINUTE)), Some(50));
        assert_eq!(used(&minutes, Millis(31 * MINUTE)), Some(100));
        let unknown = LakeRow { late_at: None, ..minutes };
        assert_eq!(used(&unknown, Millis(0)), None);
    }

    #[test]
    fn the_sum_of_the_lake_leaves_nothing_out() {
        let tally = LakeTally { ready: 4_331, late: 41, failed: 9, paused: 12, unknown: 7 };
        assert_eq!(total(&tally), 4_400);
    }
}
