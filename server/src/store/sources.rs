//! Sources: where tables come from.

use domain::ids::{PersonId, SourceId};
use domain::person::Person;
use domain::said::Said;
use domain::source::Place;
use domain::source::finding::Finding;
use domain::source::retired::{Living, Retired};
use domain::time::Millis;
use sqlx::any::AnyRow;

use super::rows::{Reading, to_json};
use super::{StoreError, Tx, one};

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
    /// Since when nothing new comes from it.
    pub retired: Option<Retired>,
}

impl Source {
    /// An open source that was never read.
    pub fn new(id: SourceId, name: impl Into<String>, place: Place) -> Self {
        Self { id, name: name.into(), place, closed: false, read_at: None, trouble: None, retired: None }
    }
}

/// What is said of a source beside its place, and what its last test found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// The source.
    pub source: SourceId,
    /// The database administrator, who fixes it; empty when nobody is named.
    pub administrator: String,
    /// How often its catalogue is read, in minutes; as the settings say when there is none.
    pub read_every: Option<u32>,
    /// Counts the changes, for optimistic locking.
    pub version: i64,
    /// When it was last tested, and what was found.
    pub tested: Option<(Millis, Vec<Finding>)>,
}

impl Sources<'_> {
    /// What is said of every source.
    pub async fn settings(self) -> Result<Vec<Settings>, StoreError> {
        let rows = sqlx::query(
            "SELECT id, administrator, read_every, version, tested_at, findings FROM sources ORDER BY name",
        )
        .fetch_all(&mut *self.0.sql)
        .await?;
        rows.iter()
            .map(|row| {
                let row = Reading::new(row, "sources", "id")?;
                let read_every = row.maybe_int("read_every")?.map(u32::try_from).transpose();
                let findings: Option<Vec<Finding>> = row.maybe_json("findings")?;
                Ok(Settings {
                    source: row.parsed("id")?,
                    administrator: row.text("administrator")?,
                    read_every: read_every.map_err(|_| row.odd("read_every"))?,
                    version: row.int("version")?,
                    tested: row.maybe_int("tested_at")?.map(Millis).zip(findings),
                })
            })
            .collect()
    }

    /// Writes a source with its settings; its name and its kind stay. [`StoreError::Stale`] when somebody was faster.
    pub async fn save(self, source: &Source, settings: &Settings) -> Result<(), StoreError> {
        let (at, findings) = settings.tested.as_ref().map(|(at, findings)| (at.0, to_json(findings))).unzip();
        let done = sqlx::query(
            "UPDATE sources SET place = $3, closed = $4, administrator = $5, read_every = $6, tested_at = $7,
                findings = $8, version = version + 1 WHERE id = $1 AND version = $2",
        )
        .bind(source.id.as_str())
        .bind(settings.version)
        .bind(to_json(&source.place))
        .bind(i64::from(source.closed))
        .bind(settings.administrator.as_str())
        .bind(settings.read_every.map(i64::from))
        .bind(at)
        .bind(findings)
        .execute(&mut *self.0.sql)
        .await?;
        one(&done, "sources", source.id.as_str())
    }

    /// Keeps what a test found that nobody asked for. `false` when the source was changed, tested or retired meanwhile.
    pub async fn tested(self, seen: &Settings, at: Millis, findings: &[Finding]) -> Result<bool, StoreError> {
        let done = sqlx::query(
            "UPDATE sources SET tested_at = $3, findings = $4
             WHERE id = $1 AND version = $2 AND COALESCE(tested_at, 0) = $5 AND retired_at IS NULL",
        )
        .bind(seen.source.as_str())
        .bind(seen.version)
        .bind(at.0)
        .bind(to_json(&findings))
        .bind(seen.tested.as_ref().map_or(0, |(at, _)| at.0))
        .execute(&mut *self.0.sql)
        .await?;
        Ok(done.rows_affected() == 1)
    }

    /// Retires a source that is used, or brings one back that is retired. [`StoreError::Stale`] when somebody was faster.
    pub async fn retire(self, id: &SourceId, retired: Option<&Retired>) -> Result<(), StoreError> {
        let sql = match retired {
            Some(_) => "UPDATE sources SET retired_at = $2, retired_by = $3 WHERE id = $1 AND retired_at IS NULL",
            None => "UPDATE sources SET retired_at = $2, retired_by = $3 WHERE id = $1 AND retired_at IS NOT NULL",
        };
        let done = sqlx::query(sql)
            .bind(id.as_str())
            .bind(retired.map(|retired| retired.at.0))
            .bind(retired.map(|retired| retired.by.as_str()))
            .execute(&mut *self.0.sql)
            .await?;
        one(&done, "sources", id.as_str())
    }

    /// What lives of a source.
    pub async fn living(self, id: &SourceId) -> Result<Living, StoreError> {
        let row = sqlx::query(
            "SELECT count(CASE WHEN state IN ('submitted', 'sent_back') THEN 1 END) AS undecided,
                count(CASE WHEN state NOT IN ('submitted', 'sent_back') AND kind = 'bring' AND landed IS NULL THEN 1 END)
                    AS coming,
                count(landed) AS there
             FROM items WHERE source_id = $1 AND alive = 1",
        )
        .bind(id.as_str())
        .fetch_one(&mut *self.0.sql)
        .await?;
        let row = Reading::new(&row, "sources", "undecided")?;
        let count = |name| Ok::<_, StoreError>(row.maybe_count(name)?.unwrap_or_default());
        Ok(Living { undecided: count("undecided")?, coming: count("coming")?, there: count("there")? })
    }

    /// Makes these people the owners of a source, and no others.
    pub async fn set_owners(self, source: &SourceId, owners: &[PersonId]) -> Result<(), StoreError> {
        sqlx::query("DELETE FROM source_owners WHERE source_id = $1")
            .bind(source.as_str())
            .execute(&mut *self.0.sql)
            .await?;
        for owner in owners {
            sqlx::query("INSERT INTO source_owners (source_id, person_id) VALUES ($1, $2) ON CONFLICT DO NOTHING")
                .bind(source.as_str())
                .bind(owner.as_str())
                .execute(&mut *self.0.sql)
                .await?;
        }
        Ok(())
    }

    /// Adds a source. [`StoreError::Taken`] when one has that name.
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
        .await
        .map(drop)
        .map_err(StoreError::taken("this name"))
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
        retired: match (row.maybe_int("retired_at")?, row.maybe_parsed("retired_by")?) {
            (Some(at), Some(by)) => Some(Retired { at: Millis(at), by }),
            (None, None) => None,
            (_, _) => return Err(row.odd("retired_at")),
        },
    })
}
