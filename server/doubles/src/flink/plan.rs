//! The graph of a job: its vertices and how they hang together (→ job-plan, job-detail, job-detail-waiting-for-slots).
//!
//! Invariant: a table has a writer's vertex of its own, `Writer : <table> …`, by which it is found; a table that was left out
//! has none.

use super::job::Job;
use super::memory::hex_of;

/// The id of the source's vertex: the same in every recording.
pub const SOURCE_ID: &str = "cbc357ccb763df2852fee8c4fc7d55f2";

/// A vertex.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Vertex {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// What its steps are, in lines that `<br/>` ends.
    pub description: String,
    /// How many tasks.
    pub parallelism: u32,
    /// How many at most.
    pub most: u32,
    /// What it does.
    pub role: Role,
    /// The vertex it reads from, and how.
    pub input: Option<(String, &'static str)>,
}

/// What a vertex does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// It reads the server.
    Source,
    /// It writes the table at this place.
    Writer(usize),
    /// It follows changes of columns, or commits: no rows to be counted.
    Other,
}

/// The vertices of a job, the source first.
pub fn vertices(job: &Job) -> Vec<Vertex> {
    if job.given.flag("mode") == Some("combined") {
        return vec![source(job), multiplex(job)];
    }
    let mut all = vec![source(job)];
    for at in 0..job.tables.len() {
        if job.parallelism == 1 {
            all.push(chained(job, at));
        } else {
            all.extend(unchained(job, at));
        }
    }
    all
}

/// The name of the source's vertex.
pub fn source_name(job: &Job) -> String {
    source(job).name
}

/// The name of the vertex that writes a table.
pub fn writer_name(job: &Job, at: usize) -> String {
    let writer = vertices(job).into_iter().find(|vertex| vertex.role == Role::Writer(at));
    writer.map_or_else(|| source_name(job), |vertex| vertex.name)
}

fn source(job: &Job) -> Vertex {
    let evolutions = if job.parallelism == 1 { job.tables.len() } else { 0 };
    let all = vec!["Schema Evolution"; evolutions].join(", ");
    let name = match evolutions {
        0 => "Source: MySQL Source -> Parse -> Side Output".to_owned(),
        1 => format!("Source: MySQL Source -> Parse -> Side Output -> {all}"),
        _ => format!("Source: MySQL Source -> Parse -> Side Output -> ({all})"),
    };
    let mut description = "Source: MySQL Source<br/>+- Parse<br/>   +- Side Output<br/>".to_owned();
    for at in 0..evolutions {
        description.push_str(if at + 1 == evolutions { "      +- " } else { "      :- " });
        description.push_str("Schema Evolution<br/>");
    }
    Vertex {
        id: SOURCE_ID.into(),
        name,
        description,
        parallelism: job.parallelism,
        most: 128,
        role: Role::Source,
        input: None,
    }
}

/// One writer for all tables. Not recorded: the names are those of Paimon's code, `FlinkCdcMultiTableSink`.
fn multiplex(job: &Job) -> Vertex {
    Vertex {
        id: id(job, "multiplex", 0),
        name: "CDC MultiplexWriter -> Multiplex Global Committer -> end: Writer".into(),
        description: "CDC MultiplexWriter<br/>+- Multiplex Global Committer<br/>   +- end: Writer<br/>".into(),
        parallelism: job.parallelism,
        most: 128,
        role: Role::Other,
        input: Some((SOURCE_ID.into(), "shuffle by bucket")),
    }
}

fn chained(job: &Job, at: usize) -> Vertex {
    let target = &job.tables[at].target;
    Vertex {
        id: id(job, "writer", at),
        name: format!("Writer : {target} -> Global Committer : {target} -> end: Writer"),
        description: format!("Writer : {target}<br/>+- Global Committer : {target}<br/>   +- end: Writer<br/>"),
        parallelism: 1,
        most: 128,
        role: Role::Writer(at),
        input: Some((SOURCE_ID.into(), "shuffle by bucket")),
    }
}

fn unchained(job: &Job, at: usize) -> [Vertex; 3] {
    let target = &job.tables[at].target;
    let writer = id(job, "writer", at);
    let one = |what: &str, name: String, description: String, from: &str| Vertex {
        id: id(job, what, at),
        name,
        description,
        parallelism: 1,
        most: 1,
        role: Role::Other,
        input: Some((from.to_owned(), "REBALANCE")),
    };
    [
        one("evolution", "Schema Evolution".into(), "Schema Evolution<br/>".into(), SOURCE_ID),
        Vertex {
            id: writer.clone(),
            name: format!("Writer : {target}"),
            description: format!("Writer : {target}<br/>"),
            parallelism: job.parallelism,
            most: 128,
            role: Role::Writer(at),
            input: Some((SOURCE_ID.into(), "shuffle by bucket")),
        },
        one(
            "committer",
            format!("Global Committer : {target} -> end: Writer"),
            format!("Global Committer : {target}<br/>+- end: Writer<br/>"),
            &writer,
        ),
    ]
}

/// Without a suffix ids follow from the whole graph and change with every table that joins (real-stack §4).
fn id(job: &Job, what: &str, at: usize) -> String {
    let table = &job.tables[at.min(job.tables.len().saturating_sub(1))];
    let place = job.given.uid_suffix().map_or_else(|| format!("{at} of {}", job.tables.len()), str::to_owned);
    hex_of(&format!("{what} {} {place}", table.target), 32)
}
