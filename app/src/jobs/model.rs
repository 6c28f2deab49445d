//! How what a job does looks, and the parts of the sum of jobs.

use api::domain::doing::Doing;
use api::jobs::{JobRow, JobTally};

use crate::html::{AnyView, IntoAny, view};
use crate::ui::icon::{Icon, icon};
use crate::ui::tally::Portion;
use crate::words::{Lang, say};

/// The parts of the sum, as the bar shows them.
pub const PARTS: [Doing; 6] =
    [Doing::Running, Doing::Starting, Doing::Changing, Doing::Failed, Doing::Unknown, Doing::Ended];

/// What a job does, as people read it.
pub fn doing_said(lang: Lang, doing: Doing) -> &'static str {
    match doing {
        Doing::Running => say!(lang, doing.running),
        Doing::Starting => say!(lang, doing.starting),
        Doing::Changing => say!(lang, doing.changing),
        Doing::Failed => say!(lang, doing.failed),
        Doing::Unknown => say!(lang, doing.unknown),
        Doing::Ended => say!(lang, doing.ended),
    }
}

/// What jobs do, as a part of a sum.
fn part_said(lang: Lang, doing: Doing) -> &'static str {
    match doing {
        Doing::Running => say!(lang, jobs.running),
        Doing::Starting => say!(lang, part.starting),
        Doing::Changing => say!(lang, part.changing),
        Doing::Failed => say!(lang, part.failed),
        Doing::Unknown => say!(lang, unknown),
        Doing::Ended => say!(lang, part.ended),
    }
}

const fn look(doing: Doing) -> (&'static str, Icon) {
    match doing {
        Doing::Running => ("is-running", Icon::Running),
        Doing::Starting => ("is-verifying", Icon::Waiting),
        Doing::Changing => ("is-paused", Icon::Retry),
        Doing::Failed => ("is-failed", Icon::Failed),
        Doing::Unknown => ("is-unknown", Icon::Unknown),
        Doing::Ended => ("is-ended", Icon::Retired),
    }
}

/// The pill of what a job does.
pub fn doing_pill(lang: Lang, doing: Doing) -> AnyView {
    let (class, image) = look(doing);
    view! { <span class=format!("state is-still {class}")>{icon(image)}{doing_said(lang, doing)}</span> }.into_any()
}

/// The parts of the sum of jobs.
pub fn portions(lang: Lang, tally: &JobTally) -> Vec<Portion> {
    let portion =
        |doing| Portion { class: look(doing).0, key: doing.word(), word: part_said(lang, doing), n: tally.part(doing) };
    PARTS.into_iter().map(portion).collect()
}

/// Each job with what tells whether it changed.
pub fn marks(rows: &[JobRow]) -> Vec<(String, String)> {
    rows.iter().map(|row| (row.name.clone(), row.doing.word().to_owned())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sum_leaves_no_job_out() {
        let tally = JobTally { running: 1, starting: 2, changing: 3, failed: 4, unknown: 5, ended: 6 };
        for lang in [Lang::En, Lang::Zh] {
            assert_eq!(portions(lang, &tally).iter().map(|part| part.n).sum::<u64>(), tally.total());
        }
        assert!(Doing::ALL.iter().all(|doing| PARTS.contains(doing)));
    }
}
