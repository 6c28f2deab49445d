//! Between what is typed of a source and what is kept of it.

use api::problem::FieldProblem;
use api::sources::{SourceForm, SourceSave};
use domain::ids::{PersonId, SourceId};
use domain::name::Name;
use domain::source::{BadPlace, Folder, Limits, Mysql, Place, Port, Tls};

use crate::http::problem::{Answer, Failure};
use crate::state::AppState;
use crate::store::sources::{Settings, Source};

/// The least and the most minutes between two readings of a catalogue.
const READ_EVERY: (u32, u32) = (1, 7 * 24 * 60);
/// The most characters of a name.
const NAME_MAX: usize = 60;

/// The source of a form with its owners, or everything that is wrong with it. Of one that is there, name and kind stay.
pub async fn parse(
    app: &AppState,
    save: &SourceSave,
    before: Option<&Source>,
    id: SourceId,
) -> Answer<(Source, Settings, Vec<PersonId>)> {
    let form = &save.form;
    let mut wrong = Vec::new();
    let name = before.map_or_else(|| form.name.trim().to_owned(), |before| before.name.clone());
    if name.is_empty() {
        wrong.push(("name", "missing"));
    } else if name.chars().count() > NAME_MAX || name.parse::<Name>().is_err() {
        wrong.push(("name", "bad"));
    }
    if before.is_some_and(|before| before.place.kind() != form.kind) {
        wrong.push(("kind", "stays"));
    }
    let place = place(form, &mut wrong);
    if moved(before, place.as_ref()) {
        let typed =
            [("catalogue_password", save.catalogue_password.as_str()), ("copying_password", copying_password(save))];
        wrong.extend(typed.into_iter().filter(|(_, typed)| typed.is_empty()).map(|(field, _)| (field, "again")));
    }
    if form.read_every.is_some_and(|minutes| !(READ_EVERY.0..=READ_EVERY.1).contains(&minutes)) {
        wrong.push(("read_every", "range"));
    }
    if form.administrator.trim().chars().count() > NAME_MAX {
        wrong.push(("administrator", "long"));
    }
    let people = app.store.read().await?.people().all().await?;
    if form.owners.iter().any(|owner| !people.iter().any(|person| person.id == *owner && !person.disabled)) {
        wrong.push(("owners", "unknown"));
    }
    let (Some(place), true) = (place, wrong.is_empty()) else {
        let problem = |(field, code): (&str, &str)| FieldProblem { field: field.into(), code: code.into(), said: None };
        return Err(Failure::fields(wrong.into_iter().map(problem).collect()));
    };
    let source = Source {
        id: id.clone(),
        name,
        place,
        closed: form.closed,
        read_at: before.and_then(|before| before.read_at),
        trouble: before.and_then(|before| before.trouble.clone()),
        retired: before.and_then(|before| before.retired.clone()),
    };
    let settings = Settings {
        source: id,
        administrator: form.administrator.trim().to_owned(),
        read_every: form.read_every,
        version: if before.is_some() { form.version } else { 1 },
        tested: None,
    };
    Ok((source, settings, form.owners.clone()))
}

/// What was typed as the password of the copying account: that of the catalogue's where both are the same account.
pub fn copying_password(save: &SourceSave) -> &str {
    let (form, own) = (&save.form, &save.copying_password);
    let copying = form.copying.trim();
    let one = copying.is_empty() || (copying == form.catalogue.trim() && own.is_empty());
    if one { &save.catalogue_password } else { own }
}

/// A kept password goes to no other server than the one it was given for.
fn moved(before: Option<&Source>, place: Option<&Place>) -> bool {
    match (before.map(|before| &before.place), place) {
        (Some(Place::Mysql(was)), Some(Place::Mysql(is))) => (&was.host, was.port) != (&is.host, is.port),
        _ => false,
    }
}

type Wrong = Vec<(&'static str, &'static str)>;

/// What is typed into one field, or a note that it is wrong.
fn field<T>(field: &'static str, parsed: Result<T, BadPlace>, wrong: &mut Wrong) -> Option<T> {
    parsed.map_err(|_| wrong.push((field, "bad"))).ok()
}

fn number<T: TryFrom<u32, Error = BadPlace>>(
    name: &'static str,
    typed: Option<u32>,
    usual: T,
    wrong: &mut Wrong,
) -> Option<T> {
    match typed {
        None => Some(usual),
        Some(typed) => T::try_from(typed).map_err(|_| wrong.push((name, "range"))).ok(),
    }
}

fn place(form: &SourceForm, wrong: &mut Wrong) -> Option<Place> {
    match form.kind.as_str() {
        "sqlite" if form.path.trim().is_empty() => {
            wrong.push(("path", "missing"));
            None
        }
        "sqlite" => Some(Place::Sqlite(Folder { path: form.path.trim().to_owned() })),
        "mysql" => mysql(form, wrong).map(Place::Mysql),
        _ => {
            wrong.push(("kind", "unknown"));
            None
        }
    }
}

fn mysql(form: &SourceForm, wrong: &mut Wrong) -> Option<Mysql> {
    let usual = Limits::default();
    let tls = match form.tls.as_str() {
        "off" => Some(Tls::Off),
        "" | "preferred" => Some(Tls::Preferred),
        "required" => Some(Tls::Required),
        "verify_ca" if form.ca.trim().is_empty() => Some(Tls::VerifyCa { ca: None }),
        "verify_ca" => field("ca", form.ca.parse(), wrong).map(|ca| Tls::VerifyCa { ca: Some(ca) }),
        _ => {
            wrong.push(("tls", "unknown"));
            None
        }
    };
    let host = field("host", form.host.parse(), wrong);
    let port = number("port", form.port, Port::default(), wrong);
    let catalogue = field("catalogue", form.catalogue.trim().parse(), wrong);
    let copying = if form.copying.trim().is_empty() { form.catalogue.trim() } else { form.copying.trim() };
    let copying = copying.parse().ok().or_else(|| field("copying", form.copying.trim().parse(), wrong));
    let limits = Limits {
        connect_seconds: number("connect_seconds", form.connect_seconds, usual.connect_seconds, wrong)?,
        read_seconds: number("read_seconds", form.read_seconds, usual.read_seconds, wrong)?,
        copies: number("copies", form.copies, usual.copies, wrong)?,
    };
    Some(Mysql { host: host?, port: port?, tls: tls?, catalogue: catalogue?, copying: copying?, limits })
}

/// What stands in the form of a source that is there; passwords never do.
pub fn form_of(source: &Source, settings: &Settings, owners: Vec<PersonId>) -> SourceForm {
    let form = SourceForm {
        name: source.name.clone(),
        kind: source.place.kind().to_owned(),
        read_every: settings.read_every,
        owners,
        administrator: settings.administrator.clone(),
        closed: source.closed,
        version: settings.version,
        ..SourceForm::default()
    };
    match &source.place {
        Place::Sqlite(folder) => SourceForm { path: folder.path.clone(), ..form },
        Place::Mysql(server) => {
            let (tls, ca) = match &server.tls {
                Tls::Off => ("off", None),
                Tls::Preferred => ("preferred", None),
                Tls::Required => ("required", None),
                Tls::VerifyCa { ca } => ("verify_ca", ca.as_ref()),
            };
            SourceForm {
                host: server.host.to_string(),
                port: Some(server.port.get()),
                tls: tls.into(),
                ca: ca.map(ToString::to_string).unwrap_or_default(),
                catalogue: server.catalogue.to_string(),
                copying: server.copying.to_string(),
                connect_seconds: Some(server.limits.connect_seconds.get()),
                read_seconds: Some(server.limits.read_seconds.get()),
                copies: Some(server.limits.copies.get()),
                ..form
            }
        }
    }
}
