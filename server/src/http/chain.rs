//! The chain of a request: what was decided, and who is still waited for.

use std::collections::BTreeMap;

use api::requests::ChainStep;
use domain::change::{Actor, Happened};
use domain::ids::{ItemId, SourceId};
use domain::item::State;
use domain::request::Request;
use domain::said::Said;
use domain::time::Millis;

use super::views::Context;
use crate::store::alike::Alike;
use crate::store::changes;

impl Context {
    /// Steps of the decision: what was decided, then who is still waited for, source by source.
    pub fn chain<'s>(
        &self,
        request: &Request,
        alike: &[Alike],
        lines: &[changes::Line],
        source_of: impl Fn(&ItemId) -> Option<&'s SourceId>,
    ) -> Vec<ChainStep> {
        let mut steps: Vec<ChainStep> = lines.iter().filter_map(|line| self.decided(line, &source_of)).collect();
        let mut waiting: BTreeMap<&SourceId, Millis> = BTreeMap::new();
        for group in alike.iter().filter(|group| !group.linked) {
            if let State::Submitted { at } = group.state {
                waiting.entry(&group.source).and_modify(|since| *since = at.min(*since)).or_insert(at);
            }
        }
        for (source, at) in waiting {
            let until = self.until(&State::Submitted { at });
            steps.push(ChainStep {
                source: self.source_name(source),
                who: self.decider_names(source, &request.requester),
                done: false,
                at,
                said: Said::new("chain.waits").at("since", at).at("until", until),
                comment: String::new(),
            });
        }
        steps
    }

    fn decided<'s>(
        &self,
        line: &changes::Line,
        source_of: impl Fn(&ItemId) -> Option<&'s SourceId>,
    ) -> Option<ChainStep> {
        let said = |key: &str| Said::new(format!("chain.{key}")).at("at", line.at);
        let said = match &line.change.happened {
            Happened::Decided { let_in, dropped, back, .. } if *back > 0 => {
                said("decided_back").count("n", *let_in).count("dropped", *dropped).count("back", *back)
            }
            Happened::Decided { let_in, dropped: 0, .. } => said("approved").count("n", *let_in),
            Happened::Decided { let_in: 0, dropped, .. } => said("dropped").count("dropped", *dropped),
            Happened::Decided { let_in, dropped, .. } => said("decided").count("n", *let_in).count("dropped", *dropped),
            Happened::SentBack { .. } => said("sent_back"),
            Happened::Rejected { .. } => said("rejected"),
            Happened::Answered { tables, .. } => said("answered").count("n", *tables),
            _ => return None,
        };
        let mut sources: Vec<_> =
            line.change.items.iter().filter_map(&source_of).map(|source| self.source_name(source)).collect();
        sources.sort();
        sources.dedup();
        // The requester answers for no source.
        if matches!(line.change.happened, Happened::Answered { .. }) {
            sources.clear();
        }
        let who = match &line.change.actor {
            Actor::Person(id) => vec![self.name(id)],
            Actor::Lakegate | Actor::Console => Vec::new(),
        };
        Some(ChainStep {
            source: sources.join(", "),
            who,
            done: true,
            at: line.at,
            said,
            comment: line.change.happened.comment().to_owned(),
        })
    }
}
