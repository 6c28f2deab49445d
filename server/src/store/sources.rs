//! Sources: where tables come from.

use domain::ids::{PersonId, SourceId};
use domain::person::Person;
use domain::said::Said;
use domain::source::Place;
use domain::time::Millis;
use sqlx::any::AnyRow;

use super::rows::{Reading, to_json};
use super::{StoreError, Tx};

/// Sources.
pub struct Sources<'t>(pub(super) &'t mut Tx);

/// A source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// The id.
    pub id: SourceId,
    /// Its name.
    pub name: String,
    /// Where it is and how it is reached.
    pub place: Place,
    /// Whether only its owners and operators may find its tables.
    pub closed: bool,
    /// When its catalogue was last read whole.
    pub read_at: Option<Millis>,
    /// What is wrong with reading it.
    pub trouble: Option<Said>,
}

impl Sources<'_> {
    /// Adds a source.
    pub async fn add(self, source: &Source) -> Result<(), StoreError> {
        sqlx::query(
            "INSERT INTO sources (id, name, kind, place, closed, read_at, trouble) VALUES ($1, $2, $3, $4, $5, $6, $7)",
        )
        .bind(source.id.as_str())
        .bind(source.name.as_str())
        .bind(source.place.kind())
        .bind(to_json(&source.place))
        .bind(i64::from(source.closed))
        .bind(source.read_at.map(|at| at.0))
        .bind(source.trouble.as_ref().map(to_json))
        .execute(&mut *self.0.sql)
        .await?;
        Ok(())
    }

    /// Makes a person an owner of a source.
    pub async fn add_owner(self, source: &SourceId, person: &PersonId) -> Result<(), StoreError> {
        sqlx::query("INSERT INTO source_owners (source_id, person_id) VALUES ($1, $2) ON CONFLICT DO NOTHING")
            .bind(source.as_str())
            .bind(person.as_str())
            .execute(&mut *self.0.sql)
            .await?;
        Ok(())
    }

    /// All sources by name.
    pub async fn all(self) -> Result<Vec<Source>, StoreError> {
        let rows = sqlx::query("SELECT * FROM sources ORDER BY name").fetch_all(&mut *self.0.sql).await?;
        rows.iter().map(source).collect()
    }

    /// A source by id.
    pub async fn get(self, id: &SourceId) -> Result<Source, StoreError> {
        let row = sqlx::query("SELECT * FROM sources WHERE id = $1")
            .bind(id.as_str())
            .fetch_optional(&mut *self.0.sql)
            .await?;
        row.as_ref()
            .map(source)
            .transpose()?
            .ok_or_else(|| StoreError::Missing { table: "sources", id: id.as_str().to_owned() })
    }

    /// Owners who can sign in, of every source.
    pub async fn owners(self) -> Result<Vec<(SourceId, PersonId, String)>, StoreError> {
        let rows = sqlx::query(
            "SELECT o.source_id, o.person_id, p.shown FROM source_owners o JOIN people p ON p.id = o.person_id
             WHERE p.disabled = 0 ORDER BY p.login",
        )
        .fetch_all(&mut *self.0.sql)
        .await?;
        rows.iter()
            .map(|row| {
                let row = Reading::new(row, "source_owners", "source_id")?;
                Ok((row.parsed("source_id")?, row.parsed("person_id")?, row.text("shown")?))
            })
            .collect()
    }

    /// Notes how the last reading of the catalogue went.
    pub async fn looked(
        self,
        id: &SourceId,
        read_at: Option<Millis>,
        trouble: Option<&Said>,
    ) -> Result<(), StoreError> {
        sqlx::query("UPDATE sources SET read_at = COALESCE($2, read_at), trouble = $3 WHERE id = $1")
            .bind(id.as_str())
            .bind(read_at.map(|at| at.0))
            .bind(trouble.map(to_json))
            .execute(&mut *self.0.sql)
            .await?;
        Ok(())
    }
}

/// One person of a source's owners can decide; a person as they appear beside it.
pub type Owner = (SourceId, PersonId, String);

/// Names of those who can decide about a requester's items of a source: its owners without the requester.
pub fn deciders<'o>(owners: &'o [Owner], source: &SourceId, requester: &PersonId) -> Vec<&'o Owner> {
    owners.iter().filter(|(of, person, _)| of == source && person != requester).collect()
}

/// The name of a person among people; empty when there is none of that id.
pub fn name_of(people: &[Person], id: &PersonId) -> String {
    people.iter().find(|person| person.id == *id).map(|person| person.shown.clone()).unwrap_or_default()
}

/// The place of an older Lakegate is the plain path of a folder.
fn place(row: &Reading) -> Result<Place, StoreError> {
    let (kind, text) = (row.text("kind")?, row.text("place")?);
    match row.json("place") {
        Err(_) if kind == "sqlite" => Ok(Place::sqlite(text)),
        read => read,
    }
}

fn source(row: &AnyRow) -> Result<Source, StoreError> {
    let row = Reading::new(row, "sources", "id")?;
    Ok(Source {
        id: row.parsed("id")?,
        name: row.text("name")?,
        place: place(&row)?,
        closed: row.flag("closed")?,
        read_at: row.maybe_int("read_at")?.map(Millis),
        trouble: row.maybe_json("trouble")?,
    })
}
