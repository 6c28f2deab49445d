//! What a line of the log says.

use super::Happened;
use crate::said::Said;

impl Happened {
    /// The line as a sentence; `who` is the actor's name.
    pub fn say(&self, who: &str) -> Said {
        let said = |key: &str| Said::new(format!("event.{key}")).text("who", who);
        match self {
            Self::Submitted { tables, linked: 0, reads: 0 } => said("submitted").count("n", *tables),
            Self::Submitted { tables, linked: 0, reads } => {
                said("submitted_reads").count("n", *tables).count("reads", *reads)
            }
            Self::Submitted { tables, linked, .. } => {
                said("submitted_linked").count("n", *tables).count("linked", *linked)
            }
            Self::SentAgain { tables, added, removed } => {
                said("sent_again").count("n", *tables).count("added", *added).count("removed", *removed)
            }
            Self::Decided { let_in, dropped, back, .. } if *back > 0 => {
                said("decided_back").count("n", *let_in).count("dropped", *dropped).count("back", *back)
            }
            Self::Decided { let_in, dropped: 0, .. } => said("approved").count("n", *let_in),
            Self::Decided { let_in: 0, dropped, .. } => said("dropped").count("n", *dropped),
            Self::Decided { let_in, dropped, .. } => said("decided").count("n", *let_in).count("dropped", *dropped),
            Self::SentBack { tables, .. } => said("sent_back").count("n", *tables),
            Self::Rejected { tables, .. } => said("rejected").count("n", *tables),
            Self::Answered { tables, .. } => said("answered").count("n", *tables),
            Self::TakenBack { tables } => said("taken_back").count("n", *tables),
            Self::Withdrawn { tables } => said("withdrawn").count("n", *tables),
            Self::Placed { tables, .. } => said("placed").count("n", *tables),
            Self::Started { tables, .. } => said("started").count("n", *tables),
            Self::Opened { tables } => said("opened").count("n", *tables),
            Self::TakenOver { tables } => said("taken_over").count("n", *tables),
            Self::Copying => said("copying"),
            Self::Copied { rows } => said("copied").count("rows", *rows),
            Self::Ready { rows } => said("ready").count("rows", *rows),
            Self::Late => said("late"),
            Self::FreshAgain => said("fresh_again"),
            Self::Failed { cause, .. } => cause.said.clone(),
            Self::RefreshFailed { cause } => cause.said.clone(),
            Self::TriedAgain { tables } => said("tried_again").count("n", *tables),
            Self::LeftOut { tables } => said("left_out").count("n", *tables),
            Self::OperatorsTold { tables } => said("operators_told").count("n", *tables),
            Self::RowsSeen { table } => said("rows_seen").text("table", table),
            Self::JobMade { job } => said("job_made").text("job", job),
            Self::JobGone { job } => said("job_gone").text("job", job),
            Self::SourceAdded { name } => said("source_added").text("name", name),
            Self::CatalogueRead { tables, appeared: 0, changed: 0, vanished: 0 } => {
                said("catalogue_read").count("n", *tables)
            }
            Self::CatalogueRead { tables, appeared, changed, vanished } => said("catalogue_changed")
                .count("n", *tables)
                .count("appeared", *appeared)
                .count("changed", *changed)
                .count("vanished", *vanished),
            Self::CatalogueUnread { cause } => cause.said.clone(),
            Self::ReadingWanted { name } => said("reading_wanted").text("name", name),
            Self::SourceChanged { name } => said("source_changed").text("name", name),
            Self::SourceTested { name, fix: 0 } => said("source_fine").text("name", name),
            Self::SourceTested { name, fix } => said("source_to_fix").text("name", name).count("n", *fix),
            Self::SourceRetired { name } => said("source_retired").text("name", name),
            Self::SourceBack { name } => said("source_back").text("name", name),
            Self::RouteAdded { name } => said("route_added").text("name", name),
            Self::RouteChanged { name } => said("route_changed").text("name", name),
            Self::BrakePulled { source, .. } if source.is_empty() => said("brake_pulled_all"),
            Self::BrakePulled { source, .. } => said("brake_pulled").text("name", source),
            Self::BrakeLifted { source } if source.is_empty() => said("brake_lifted_all"),
            Self::BrakeLifted { source } => said("brake_lifted").text("name", source),
            Self::SignedIn => said("signed_in"),
            Self::SessionEnded => said("session_ended"),
            Self::PersonAdded { login } => said("person_added").text("login", login),
            Self::PersonDisabled { login } => said("person_disabled").text("login", login),
            Self::PersonEnabled { login } => said("person_enabled").text("login", login),
            Self::PersonChanged { login } => said("person_changed").text("login", login),
            Self::TeamRenamed { was, name } => said("team_renamed").text("was", was).text("name", name),
            Self::PasswordLinked { login } => said("password_linked").text("login", login),
            Self::PasswordSet { login } => said("password_set").text("login", login),
        }
    }

    /// What a person said with it; empty when nothing.
    pub fn comment(&self) -> &str {
        match self {
            Self::Decided { comment, .. }
            | Self::SentBack { comment, .. }
            | Self::Rejected { comment, .. }
            | Self::Answered { comment, .. } => comment,
            Self::BrakePulled { reason, .. } => reason,
            _ => "",
        }
    }
}
