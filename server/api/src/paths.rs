//! Every path of the API. The only place where one is spelled.

/// Everything below it is the API; an unknown path there is a problem, not the page.
pub const ROOT: &str = "/api/";
/// Every path below it that is none of those here.
pub const REST: &str = "/api/{*rest}";

/// Reads and ends one's session: `POST`, `DELETE`.
pub const SESSION: &str = "/api/session";
/// One's open sessions: `GET`.
pub const SESSIONS: &str = "/api/sessions";
/// One of one's sessions: `DELETE`.
pub const SESSION_ONE: &str = "/api/sessions/{id}";
/// Who is signed in: `GET`.
pub const ME: &str = "/api/me";
/// Makes the first operator by the one-time link of the log: `POST`.
pub const SETUP: &str = "/api/setup";
/// Tables of all sources: `GET ?q=&source=&db=&lake=&copy=&size=&after=&limit=`.
pub const TABLES: &str = "/api/tables";
/// Anything by its name: `GET ?q=`.
pub const FIND: &str = "/api/find";
/// One table with its columns: `GET`.
pub const TABLE_ONE: &str = "/api/tables/{source}/{database}/{table}";
/// Looks up names that were pasted: `POST` plain text or CSV, a result per line.
pub const TABLES_LOOKUP: &str = "/api/lookup";
/// One's drafts: `GET`, `POST`.
pub const DRAFTS: &str = "/api/drafts";
/// One draft: `GET`, `PUT` with the version seen, `DELETE`.
pub const DRAFT_ONE: &str = "/api/drafts/{id}";
/// What the checks of now say about it: `GET`.
pub const DRAFT_CHECKS: &str = "/api/drafts/{id}/checks";
/// Moves the tables that need a fix first into a draft of their own: `POST`.
pub const DRAFT_SPLIT: &str = "/api/drafts/{id}/split";
/// Submits it: `POST`; twice is once.
pub const DRAFT_SUBMIT: &str = "/api/drafts/{id}/submit";
/// Has the catalogue of a source read now: `POST`.
pub const TABLES_READ: &str = "/api/tables/{source}/read";
/// What appeared, changed and vanished in a source, newest first: `GET ?after=&limit=`.
pub const TABLES_CHANGES: &str = "/api/tables/{source}/changes";
/// Sources and routes one may choose: `GET`.
pub const CHOICES: &str = "/api/choices";
/// Sources as things to set up: `GET`, `POST`.
pub const SOURCES: &str = "/api/sources";
/// One source: `GET`, `PUT`.
pub const SOURCE_ONE: &str = "/api/sources/{id}";
/// Retires a source: `POST`; brings it back: `DELETE`.
pub const SOURCE_RETIRE: &str = "/api/sources/{id}/retire";
/// Tests what is typed of a source: `POST`.
pub const SOURCE_TEST: &str = "/api/source-test";
/// People: `GET`, `POST`.
pub const PEOPLE: &str = "/api/people";
/// One person: `PUT`.
pub const PERSON_ONE: &str = "/api/people/{id}";
/// One team: `PUT`.
pub const TEAM_ONE: &str = "/api/teams/{id}";
/// Makes a link by which a person sets their password: `POST`.
pub const PERSON_LINK: &str = "/api/people/{id}/password-link";
/// Sets one's password by a link: `POST`.
pub const PASSWORD: &str = "/api/password";
/// Routes as things to set up: `GET`, `POST`.
pub const ROUTES: &str = "/api/routes";
/// One route: `PUT`.
pub const ROUTE_ONE: &str = "/api/routes/{id}";
/// Tests what is typed of a route: `POST`.
pub const ROUTE_TEST: &str = "/api/route-test";
/// The brakes that hold: `GET`; pulls one: `POST`.
pub const BRAKES: &str = "/api/brakes";
/// Lifts one, of a source or of `all`: `DELETE`.
pub const BRAKE_ONE: &str = "/api/brakes/{scope}";
/// Requests: `GET ?after=&limit=`, `POST`.
pub const REQUESTS: &str = "/api/requests";
/// One request: `GET`.
pub const REQUEST_ONE: &str = "/api/requests/{id}";
/// Its items: `GET ?part=&q=&after=&limit=`.
pub const REQUEST_ITEMS: &str = "/api/requests/{id}/items";
/// Its lines of the log, newest first: `GET ?after=&limit=`.
pub const REQUEST_TIMELINE: &str = "/api/requests/{id}/timeline";
/// Decides about it: `POST`.
pub const REQUEST_DECISION: &str = "/api/requests/{id}/decision";
/// Takes one's own approval back before the start: `POST`.
pub const REQUEST_TAKE_BACK: &str = "/api/requests/{id}/take-back";
/// Withdraws it before the start: `POST`.
pub const REQUEST_WITHDRAW: &str = "/api/requests/{id}/withdraw";
/// Sends it again after it was sent back: `POST`.
pub const REQUEST_RESUBMIT: &str = "/api/requests/{id}/resubmit";
/// The draft by which a request that was sent back is changed: `POST`.
pub const REQUEST_EDIT: &str = "/api/requests/{id}/edit";
/// Tries items again or leaves them out: `POST`, a result per item.
pub const ITEMS_TEND: &str = "/api/items/tend";
/// What waits for one's decision: `GET ?after=`.
pub const INBOX: &str = "/api/inbox";
/// Approves several requests: `POST`, a result for each.
pub const INBOX_BATCH: &str = "/api/inbox/batch";
/// The card of one request: `GET`.
pub const INBOX_ONE: &str = "/api/inbox/{id}";
/// Says that one has the card open, or closed it, and hears who else has it open: `POST`, `DELETE`.
pub const INBOX_LOOK: &str = "/api/inbox/{id}/look";
/// Tables in the lake: `GET ?q=&part=&after=`.
pub const LAKE: &str = "/api/lake";
/// One table in the lake: `GET`.
pub const LAKE_ONE: &str = "/api/lake/{database}/{table}";
/// Its first rows: `GET`, each look is a line of the log.
pub const LAKE_ROWS: &str = "/api/lake/{database}/{table}/rows";
/// Jobs: `GET ?q=&source=&route=&doing=&after=&limit=`.
pub const JOBS: &str = "/api/jobs";
/// One job by its name: `GET`.
pub const JOB_ONE: &str = "/api/jobs/{name}";
/// Everything at a glance, for operators: `GET`.
pub const OVERVIEW: &str = "/api/overview";
/// The live stream: `GET ?after=`.
pub const EVENTS: &str = "/api/events";

/// Puts values into the places of a path, percent-encoded.
pub fn fill(path: &str, values: &[&str]) -> String {
    let mut filled = String::new();
    let mut values = values.iter();
    for part in path.split('/').skip(1) {
        filled.push('/');
        if part.starts_with('{') {
            filled.push_str(&encode(values.next().expect("a value for each place of the path")));
        } else {
            filled.push_str(part);
        }
    }
    filled
}

/// An address with parameters, percent-encoded; empty ones are left out.
pub fn with(path: &str, params: &[(&str, &str)]) -> String {
    let mut address = path.to_owned();
    let mut joint = '?';
    for (name, value) in params.iter().filter(|(_, value)| !value.is_empty()) {
        address.push(joint);
        address.push_str(name);
        address.push('=');
        address.push_str(&encode(value));
        joint = '&';
    }
    address
}

/// Percent-encodes all but letters, digits, `-`, `_` and `~` (`.` too, so that no value becomes `..`).
pub fn encode(text: &str) -> String {
    use std::fmt::Write;
    text.bytes().fold(String::new(), |mut out, byte| {
        if byte.is_ascii_alphanumeric() || b"-_~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            write!(out, "%{byte:02X}").expect("writing to a string cannot fail");
        }
        out
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_name_fits_into_a_path() {
        assert_eq!(fill(LAKE_ONE, &["ods_lease", "门店/../x"]), "/api/lake/ods_lease/%E9%97%A8%E5%BA%97%2F%2E%2E%2Fx");
        assert_eq!(fill(ME, &[]), "/api/me");
    }
}
