//! What Home shows first. Pure.

use api::requests::RequestRow;

use crate::requests::model::{needs_requester, on_the_way};

/// A part of the day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// Until noon.
    Morning,
    /// Until six.
    Afternoon,
    /// After that, and before five.
    Evening,
}

/// The part of the day of an hour.
pub const fn greeting(hour: u32) -> Part {
    match hour {
        5..12 => Part::Morning,
        12..18 => Part::Afternoon,
        _ => Part::Evening,
    }
}

/// How somebody is called: Chinese names of three characters without the family name, Latin ones by the first.
pub fn called(name: &str) -> String {
    let chars: Vec<char> = name.chars().collect();
    let chinese = chars.iter().all(|c| ('\u{4e00}'..='\u{9fff}').contains(c));
    match chars.len() {
        3 if chinese => chars[1..].iter().collect(),
        _ if chinese => name.to_owned(),
        _ => name.split_whitespace().next().unwrap_or_default().to_owned(),
    }
}

/// Requests that wait for their requester.
pub fn waiting(rows: &[RequestRow]) -> Vec<&RequestRow> {
    rows.iter().filter(|row| needs_requester(row)).collect()
}

/// Up to six requests: those on their way first, then the newest others.
pub fn shown(rows: &[RequestRow]) -> Vec<&RequestRow> {
    let (on, other): (Vec<_>, Vec<_>) = rows.iter().partition(|row| on_the_way(row));
    on.into_iter().chain(other).take(6).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use api::domain::request::Stamp;
    use api::domain::said::Said;
    use api::domain::tally::Tally;
    use api::domain::time::Millis;
    use api::me::PersonView;

    fn request(id: &str, stamp: Stamp, tally: Tally) -> RequestRow {
        let requester = PersonView { id: "p1".parse().expect("an id"), name: "Ana".into(), team: String::new() };
        RequestRow {
            id: id.parse().expect("an id"),
            number: id.into(),
            title: String::new(),
            requester,
            submitted_at: Millis(0),
            stamp,
            deciders: vec![],
            tally,
            now: Said::new("request.ended"),
        }
    }

    #[test]
    fn what_is_on_its_way_comes_first_and_what_failed_waits_for_me() {
        let done = request("r1", Stamp::Approved { let_in: 1, of: 1 }, Tally { ready: 1, ..Tally::default() });
        let failed = request("r2", Stamp::Approved { let_in: 1, of: 1 }, Tally { failed: 1, ..Tally::default() });
        let back = request("r3", Stamp::SentBack, Tally { waiting: 1, ..Tally::default() });
        let rows = [done, failed, back];
        let ids = |rows: Vec<&RequestRow>| rows.into_iter().map(|row| row.number.clone()).collect::<Vec<_>>();
        assert_eq!(ids(shown(&rows)), ["r2", "r3", "r1"]);
        assert_eq!(ids(waiting(&rows)), ["r2", "r3"]);
    }

    #[test]
    fn people_are_called_as_they_are_called() {
        assert_eq!(
            ["林晓雯", "欧阳明珠", "马骏", "Priya R-V", "Ana"].map(called),
            ["晓雯", "欧阳明珠", "马骏", "Priya", "Ana"]
        );
        assert_eq!([4, 5, 12, 18].map(greeting), [Part::Evening, Part::Morning, Part::Afternoon, Part::Evening]);
    }
}
