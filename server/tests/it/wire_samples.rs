//! One of each thing that travels, filled in.

use std::fmt::Debug;

use api::domain::cause::Who;
use api::domain::name::TableName;
use api::domain::request::Stamp;
use api::domain::said::Said;
use api::domain::tally::{Part, Tally};
use api::domain::tier::Tier;
use api::domain::time::Millis;
use api::inbox::InboxRow;
use api::lake::LakeRow;
use api::me::PersonView;
use api::requests::{ChainStep, ItemRow, Line, ProblemBox, Progress, RequestMay, RequestRow, RequestView};
use api::tables::{ColumnView, TableRow, Taken};
use api::{Page, Read};

pub fn id<T: std::str::FromStr<Err: Debug>>(text: &str) -> T {
    text.parse().expect("an id")
}

pub fn contract() -> TableName {
    TableName::parse("lease", "contract").expect("a name")
}

pub fn target() -> TableName {
    TableName::parse("ods_lease", "contract").expect("a name")
}

pub fn person() -> PersonView {
    PersonView { id: id("ana"), name: "Ana".into(), team: "analysts".into() }
}

pub fn page<T>(row: T) -> Page<T> {
    Page { rows: vec![row], next: Some("after-this".into()), seq: 7, now: Millis(70) }
}

pub fn read<T>(thing: T) -> Read<T> {
    Read { thing, seq: 7, now: Millis(70) }
}

pub fn request_row() -> RequestRow {
    RequestRow {
        id: id("request-1"),
        number: "R-1001".into(),
        title: "Monthly report".into(),
        requester: person(),
        submitted_at: Millis(10),
        stamp: Stamp::Approved { let_in: 2, of: 3 },
        deciders: vec!["Bo".into()],
        tally: Tally { ready: 1, running: 1, failed: 0, waiting: 0, ended: 1 },
        now: Said::new("request.some").count("n", 2).count("ready", 1).count("running", 1).count("failed", 0),
    }
}

pub fn request_view() -> RequestView {
    let step = ChainStep {
        source: "lease".into(),
        who: vec!["Bo".into()],
        done: true,
        at: Millis(20),
        said: Said::new("chain.approved").count("n", 2).at("at", Millis(20)),
        comment: "Fine.".into(),
    };
    let problem = ProblemBox {
        said: Said::new("cause.source_away").text("what", "database lease"),
        next: Said::new("next.source_away").text("owner", "Bo"),
        who: Who::SourceOwner,
        person: "Bo".into(),
        since: Millis(30),
        items: vec![id("item-1")],
        tables: vec!["lease.contract".into()],
        count: 1,
        again_at: Some(Millis(60)),
    };
    RequestView {
        row: request_row(),
        reason: "The board wants it.".into(),
        hash: "00ff".into(),
        tier: Tier::Minutes,
        route: "lake".into(),
        databases: vec!["ods_lease".into()],
        sources: vec!["lease".into()],
        chain: vec![step],
        problems: vec![problem],
        changed: None,
        keep_until: "2027-06-30".into(),
        heir: "Business analysis".into(),
        brake: Some(Said::new("now.braked_open").at("since", Millis(3)).text("who", "Ops").text("reason", "Why.")),
        grant: "GRANT SELECT ON TABLE `ods_lease`.`contract` TO USER `ana`;".into(),
        lines: 3,
        may: RequestMay { withdraw: true, take_back_until: Some(Millis(50)), ..RequestMay::default() },
    }
}

pub fn item_row() -> ItemRow {
    ItemRow {
        id: id("item-1"),
        source: id("lease"),
        table: contract(),
        comment: "Rental contracts".into(),
        target: target(),
        state: "copying".into(),
        part: Part::Running,
        since: Millis(30),
        progress: Some(Progress { rows: 10, of: Some(500), at: Millis(40) }),
        as_of: Some(Millis(5)),
        now: Said::new("now.copying").at("since", Millis(30)).at("until", Millis(90)),
        job: Some(id("job-1")),
        linked: false,
        reads: false,
    }
}

pub fn line() -> Line {
    Line {
        seq: 6,
        at: Millis(20),
        who: "Bo".into(),
        kind: "decided".into(),
        said: Said::new("event.approved").text("who", "Bo").count("n", 2),
        comment: "Fine.".into(),
        tables: vec!["lease.contract".into()],
        count: 2,
    }
}

pub fn inbox_row() -> InboxRow {
    InboxRow {
        row: request_row(),
        reason: "The board wants it.".into(),
        tables: 2,
        rows: Some(503),
        bytes: None,
        since: Millis(10),
        until: Millis(100),
        stands_in: false,
        personal: 1,
        alone: Some(Said::new("alone.personal").count("n", 1)),
    }
}

pub fn column() -> ColumnView {
    ColumnView {
        name: "rent".into(),
        source_type: "decimal(65,30)".into(),
        lake_type: Some("STRING".into()),
        comment: "Per month".into(),
        key: false,
        loss: Some(Said::new("loss.decimal_as_text")),
        personal: false,
    }
}

pub fn table_row() -> TableRow {
    TableRow {
        source: id("lease"),
        source_name: "lease".into(),
        table: contract(),
        comment: "Rental contracts".into(),
        columns: 3,
        rows: Some(500),
        bytes: Some(4_096),
        counted_at: Millis(1),
        keyed: true,
        blocked: Some(Said::new("cause.type_refused").text("column", "token").text("type", "uuid")),
        taken: Some(Taken {
            item: id("item-1"),
            state: "ready".into(),
            target: target(),
            request: Some((id("request-1"), "R-1001".into())),
            who: "Ana".into(),
            may_read: true,
            as_of: Some(Millis(5)),
        }),
    }
}

pub fn lake_row() -> LakeRow {
    LakeRow {
        item: item_row(),
        tier: Tier::Daily,
        late_at: Some(Millis(90)),
        owner: person(),
        job: "lg-lease-d-lake".into(),
        source: "lease".into(),
    }
}
