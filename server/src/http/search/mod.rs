//! Finds tables while somebody types, and anything by its name.

pub mod anything;
pub mod tables;

use domain::search::{Copyable, InLake, Query};
use serde::Deserialize;

use super::problem::{Answer, Failure};

/// What is searched for: a line, and filters beside it.
#[derive(Debug, Default, Deserialize)]
pub struct Wanted {
    q: Option<String>,
    source: Option<String>,
    db: Option<String>,
    lake: Option<String>,
    copy: Option<String>,
    size: Option<String>,
    after: Option<String>,
    limit: Option<usize>,
}

impl Wanted {
    /// The query. What stands in the filters beats what stands in the line.
    pub fn query(&self) -> Answer<Query> {
        let mut query = Query::parse(self.q.as_deref().unwrap_or_default());
        let filter = |text: &Option<String>| text.clone().filter(|text| !text.is_empty());
        query.source = filter(&self.source).or(query.source);
        query.database = filter(&self.db).or(query.database);
        if let Some(word) = filter(&self.lake) {
            query.in_lake = Some(InLake::from_word(&word).ok_or_else(|| Failure::bad_input("lake"))?);
        }
        if let Some(word) = filter(&self.copy) {
            query.copyable = Some(Copyable::from_word(&word).ok_or_else(|| Failure::bad_input("copy"))?);
        }
        if let Some(word) = filter(&self.size) {
            query.size = Some(domain::search::Size::from_word(&word).ok_or_else(|| Failure::bad_input("size"))?);
        }
        Ok(query)
    }
}
