//! Sources: what is a database and what never is, one consistent read, and values that arrive as they were.

use std::fs;
use std::path::Path;

use domain::name::TableName;
use domain::source::finding::{FindingCode, Severity};
use domain::types::LakeType;
use domain::value::{Row, Value};
use lakegate::outside::source::sqlite::SqliteSource;
use lakegate::outside::source::{CHUNK_BYTES, CHUNK_ROWS, Source, SourceError, sample};
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, Executor};
use tempfile::TempDir;

/// Makes `name.db` in the folder with these statements.
async fn database(folder: &Path, name: &str, statements: &str) -> SqliteConnection {
    let options = SqliteConnectOptions::new().filename(folder.join(format!("{name}.db"))).create_if_missing(true);
    let mut connection = options.connect().await.expect("a new database");
    connection.execute(AssertSqlSafe(statements)).await.expect("good statements");
    connection
}

fn folder() -> TempDir {
    tempfile::tempdir().expect("a folder")
}

fn source(folder: &Path) -> SqliteSource {
    SqliteSource::new(folder, "", &[]).expect("a source")
}

fn name(database: &str, table: &str) -> TableName {
    TableName::parse(database, table).expect("a name")
}

async fn all(source: &SqliteSource, table: &TableName) -> Result<Vec<Row>, SourceError> {
    let mut read = source.open(table).await?;
    let mut rows = Vec::new();
    while let Some(chunk) = read.next().await? {
        rows.extend(chunk);
    }
    assert_eq!(rows.len() as u64, read.rows());
    Ok(rows)
}

/// The values of a table with one column.
async fn only(statements: &str) -> Result<Vec<Value>, SourceError> {
    let folder = folder();
    drop(database(folder.path(), "d", statements).await);
    Ok(all(&source(folder.path()), &name("d", "t")).await?.into_iter().flatten().collect())
}

#[tokio::test]
async fn a_source_never_leaves_its_folder() {
    let outer = folder();
    let root = outer.path().join("sources");
    fs::create_dir_all(root.join("team")).expect("folders");
    drop(database(outer.path(), "secret", "CREATE TABLE t (a int)").await);
    for below in ["..", "team/../..", "/etc", "../secret.db", "a\0b"] {
        assert!(matches!(SqliteSource::new(&root, below, &[]), Err(SourceError::Outside { .. })), "{below:?}");
    }
    std::os::unix::fs::symlink(outer.path(), root.join("out")).expect("a link");
    assert!(matches!(SqliteSource::new(&root, "out", &[]), Err(SourceError::Outside { .. })));

    let team = SqliteSource::new(&root, "team", &[]).expect("a source");
    std::os::unix::fs::symlink(outer.path().join("secret.db"), root.join("team/secret.db")).expect("a link");
    let table = name("secret", "t");
    assert!(matches!(team.shape(&table).await, Err(SourceError::Outside { .. })));
    assert!(matches!(team.open(&table).await.err(), Some(SourceError::Outside { .. })));
    assert_eq!(team.tables(None, 10).await.expect("a catalogue"), []);
    assert_eq!(codes(&team).await, [FindingCode::FileOutside, FindingCode::NoDatabases]);

    fs::remove_dir_all(root.join("team")).expect("removed");
    std::os::unix::fs::symlink(outer.path(), root.join("team")).expect("a link");
    assert!(matches!(team.tables(None, 10).await, Err(SourceError::Outside { .. })), "the folder became a link");
}

async fn codes(source: &SqliteSource) -> Vec<FindingCode> {
    source.test().await.into_iter().map(|finding| finding.code).collect()
}

#[tokio::test]
async fn our_own_store_is_never_a_source() {
    let folder = folder();
    let path = |file: &str| folder.path().join(file);
    drop(database(folder.path(), "store", "CREATE TABLE t (a int)").await);
    fs::hard_link(path("store.db"), path("twin.db")).expect("a link");
    std::os::unix::fs::symlink(path("store.db"), path("link.db")).expect("a link");
    let source = SqliteSource::new(folder.path(), "", &[path("store.db")]).expect("a source");
    for database in ["store", "twin", "link"] {
        let refused = source.open(&name(database, "t")).await.err();
        assert!(matches!(refused, Some(SourceError::Denied { .. })), "{database}");
    }
    assert_eq!(source.tables(None, 10).await.expect("a catalogue"), []);
    assert!(codes(&source).await.starts_with(&[FindingCode::OwnStore; 3]));
}

#[tokio::test]
async fn a_file_that_is_gone_cut_or_no_database_is_told_apart() {
    let folder = folder();
    let rows = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n WHERE i<20000) \
                INSERT INTO t SELECT i, 'some text that fills the pages of the file ' || i FROM n";
    drop(database(folder.path(), "cut", &format!("CREATE TABLE t (a int PRIMARY KEY, b text); {rows}")).await);
    let path = folder.path().join("cut.db");
    let half = fs::metadata(&path).expect("a file").len() / 2;
    fs::OpenOptions::new().write(true).open(&path).and_then(|file| file.set_len(half)).expect("cut");
    fs::write(folder.path().join("prose.db"), "not a database, but long enough to look like one ".repeat(40))
        .expect("written");
    fs::write(folder.path().join("empty.sqlite"), "").expect("written");

    let source = source(folder.path());
    for database in ["cut", "prose", "empty"] {
        let refused = all(&source, &name(database, "t")).await.err();
        assert!(matches!(refused, Some(SourceError::Damaged { .. })), "{database}: {refused:?}");
    }
    assert!(matches!(source.shape(&name("gone", "t")).await, Err(SourceError::Away { .. })));
    assert!(source.tables(None, 10).await.is_err(), "a catalogue without a damaged database would be a lie");
    let findings = source.test().await;
    assert_eq!(findings.iter().filter(|finding| finding.code == FindingCode::Damaged).count(), 3, "{findings:?}");
    assert!(findings.iter().all(|finding| finding.severity() == Severity::Fix));

    let nowhere = SqliteSource::new(folder.path(), "nowhere", &[]).expect("it may come");
    assert_eq!(codes(&nowhere).await, [FindingCode::Away]);
}

#[tokio::test]
async fn a_file_cut_while_it_is_read_is_damaged_not_short() {
    let folder = folder();
    let rows = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n WHERE i<200000) \
                INSERT INTO t SELECT i, 'some text that fills the pages of the file ' || i FROM n";
    let made = database(folder.path(), "d", &format!("CREATE TABLE t (a integer PRIMARY KEY, b text); {rows}")).await;
    made.close().await.expect("nobody else has it open");
    let source = source(folder.path());
    let mut read = source.open(&name("d", "t")).await.expect("open");
    assert_eq!(read.next().await.expect("a chunk").map(|rows| rows.len()), Some(CHUNK_ROWS));
    let path = folder.path().join("d.db");
    fs::OpenOptions::new().write(true).open(&path).and_then(|file| file.set_len(65_536)).expect("cut");
    let mut rows = CHUNK_ROWS;
    let failure = loop {
        match read.next().await {
            Ok(Some(more)) => rows += more.len(),
            Ok(None) => break None,
            Err(error) => break Some(error),
        }
    };
    assert!(matches!(failure, Some(SourceError::Damaged { .. })), "{failure:?} after {rows} rows");
}

#[tokio::test]
async fn a_read_sees_one_moment_whatever_others_do() {
    let folder = folder();
    let rows =
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n WHERE i<30000) INSERT INTO t SELECT i, i FROM n";
    let sql = format!("PRAGMA journal_mode=WAL; CREATE TABLE t (a int PRIMARY KEY, b int); {rows}");
    let mut writer = database(folder.path(), "d", &sql).await;
    let source = source(folder.path());
    let table = name("d", "t");
    let remembered = source.shape(&table).await.expect("a shape");

    let mut read = source.open(&table).await.expect("open");
    writer.execute("DELETE FROM t WHERE a > 10; ALTER TABLE t ADD COLUMN c text").await.expect("changed");
    let mut rows = 0;
    while let Some(chunk) = read.next().await.expect("a chunk") {
        rows += chunk.len();
    }
    assert_eq!((rows, read.rows(), read.shape()), (30_000, 30_000, &remembered));

    let changed = source.open(&table).await.expect("open");
    assert_eq!((changed.rows(), changed.shape().columns.len()), (10, 3), "the shape is the read's own");
    drop(changed);
    let mut read = source.open(&table).await.expect("open");
    writer.execute("DROP TABLE t").await.expect("dropped");
    assert_eq!(read.next().await.expect("a chunk").map(|rows| rows.len()), Some(10));
    assert!(read.next().await.expect("the end").is_none());
    assert!(read.next().await.expect("the end, again").is_none());
    assert!(matches!(source.open(&table).await.err(), Some(SourceError::Gone { .. })));
}

#[tokio::test]
async fn a_chunk_is_bounded_in_rows_and_bytes() {
    let folder = folder();
    let big = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n WHERE i<30) \
               INSERT INTO t SELECT i, zeroblob(500000) FROM n";
    drop(database(folder.path(), "d", &format!("CREATE TABLE t (a integer PRIMARY KEY, b blob); {big}")).await);
    let source = source(folder.path());
    let mut read = source.open(&name("d", "t")).await.expect("open");
    let mut chunks = 0;
    while let Some(chunk) = read.next().await.expect("a chunk") {
        let bytes: usize = chunk.iter().flatten().map(Value::weight).sum();
        assert!(bytes <= CHUNK_BYTES && chunk.len() <= CHUNK_ROWS, "{bytes}");
        chunks += 1;
    }
    assert_eq!(chunks, 4);
}

#[tokio::test]
async fn rows_come_in_the_order_of_the_key() {
    let folder = folder();
    let sql = "CREATE TABLE pair (b text, a int, v int, PRIMARY KEY (a, b)); \
               INSERT INTO pair VALUES ('y', 2, 1), ('x', 10, 2), ('x', 2, 3); \
               CREATE TABLE inside (k varchar(9) PRIMARY KEY, v int) WITHOUT ROWID; \
               INSERT INTO inside VALUES ('乙', 1), ('b', 2), ('a', 3); \
               CREATE TABLE none (rowid text, v int); CREATE INDEX i ON none (v, rowid); \
               INSERT INTO none VALUES ('p', 9), ('q', 8), ('r', 7); \
               CREATE TABLE \"it's \"\"名\"\"; --\" (\"列 \"\"一\"\"\" int PRIMARY KEY); \
               INSERT INTO \"it's \"\"名\"\"; --\" VALUES (5), (4); CREATE VIEW v AS SELECT 1";
    drop(database(folder.path(), "d", sql).await);
    let source = source(folder.path());
    let last = async |table: &str| -> Vec<Value> {
        let rows = all(&source, &name("d", table)).await.expect("rows");
        rows.into_iter().filter_map(|mut row| row.pop()).collect()
    };
    assert_eq!(last("pair").await, [3, 1, 2].map(Value::Int));
    assert_eq!(last("inside").await, [3, 2, 1].map(Value::Int));
    assert_eq!(last("none").await, [9, 8, 7].map(Value::Int));
    assert_eq!(last("it's \"名\"; --").await, [4, 5].map(Value::Int));
    assert!(matches!(source.shape(&name("d", "v")).await, Err(SourceError::Gone { .. })), "a view is no table");
    assert!(matches!(source.shape(&name("d", "PAIR")).await, Err(SourceError::Gone { .. })), "case counts");
}

#[tokio::test]
async fn a_value_that_does_not_fit_its_type_is_named_not_guessed() {
    for (declared, stored) in [
        ("int", "'many'"),
        ("int", "2147483648"),
        ("tinyint(1)", "2"),
        ("tinyint(1)", "1.5"),
        ("date", "20240101"),
        ("datetime", "'2024-01-01 00:00:00.5'"),
        ("datetime", "1700000000000"),
        ("varchar(2)", "'abc'"),
        ("decimal(10,2)", "'1.234'"),
        ("decimal(10,2)", "123456789.5"),
        ("bigint unsigned", "'18446744073709551615'"),
        ("decimal(38,10)", "'1234567890123456.5'"),
        ("varbinary(2)", "x'010203'"),
        ("text", "x'ff'"),
        ("text", "CAST(x'ff' AS TEXT)"),
        ("bit(8)", "256"),
    ] {
        let failure = only(&format!("CREATE TABLE t (c \"{declared}\"); INSERT INTO t VALUES ({stored})")).await.err();
        assert!(
            matches!(&failure, Some(SourceError::Value { column, .. }) if column == "c"),
            "{declared} {stored}: {failure:?}"
        );
    }
    let failure = only("CREATE TABLE t (c text PRIMARY KEY); INSERT INTO t VALUES (NULL)").await.err();
    assert!(matches!(failure, Some(SourceError::Value { .. })), "{failure:?}");
    let failure = only("CREATE TABLE t (c uuid); INSERT INTO t VALUES (1)").await.err();
    assert!(matches!(failure, Some(SourceError::Type { .. })), "{failure:?}");
}

#[tokio::test]
async fn a_value_that_fits_arrives_as_it_was() {
    for (declared, stored, expected) in [
        ("decimal(12,2)", "'1234.50'", Value::Decimal(123_450)),
        ("decimal(12,2)", "7", Value::Decimal(700)),
        ("decimal(38,10)", "CAST('1234567890123456789012345678.0123456789' AS BLOB)", {
            Value::Decimal(12_345_678_901_234_567_890_123_456_780_123_456_789)
        }),
        ("bigint unsigned", "CAST('18446744073709551615' AS BLOB)", Value::Decimal(18_446_744_073_709_551_615)),
        ("bigint unsigned", "9223372036854775807", Value::Decimal(9_223_372_036_854_775_807)),
        ("decimal(65,30)", "CAST('-1.000000000000000000000000000001' AS BLOB)", {
            Value::Text("-1.000000000000000000000000000001".into())
        }),
        ("enum('1','2')", "'2'", Value::Text("2".into())),
        ("set('a','b')", "'a,b'", Value::List(vec!["a".into(), "b".into()])),
        ("json", "'{\"a\":[1]}'", Value::Text("{\"a\":[1]}".into())),
        ("bit(12)", "258", Value::Bytes(vec![1, 2])),
        ("bit(12)", "x'07'", Value::Bytes(vec![0, 7])),
        ("double", "1.5", Value::Float(1.5)),
        ("time(6)", "'10:00:00.123456'", Value::Time(36_000_123)),
        ("integer", "9007199254740993", Value::Int(9_007_199_254_740_993)),
        ("int", "NULL", Value::Null),
        ("", "12", Value::Text("12".into())),
    ] {
        let values = only(&format!("CREATE TABLE t (c \"{declared}\"); INSERT INTO t VALUES ({stored})")).await;
        assert_eq!(values.expect(declared), [expected], "{declared} {stored}");
    }
}

#[tokio::test]
async fn names_that_cannot_be_used_are_left_out_and_told() {
    let folder = folder();
    drop(database(folder.path(), "d", "CREATE TABLE \"a/b\" (c int); CREATE TABLE good (c int)").await);
    drop(database(folder.path(), "twice", "CREATE TABLE t (c int)").await);
    fs::copy(folder.path().join("twice.db"), folder.path().join("twice.sqlite")).expect("copied");
    fs::copy(folder.path().join("twice.db"), folder.path().join(" .db")).expect("copied");
    let source = source(folder.path());
    let tables = source.tables(None, 10).await.expect("a catalogue");
    let names: Vec<String> = tables.iter().map(|entry| entry.shape.name.to_string()).collect();
    assert_eq!(names, ["d.good"]);
    assert_eq!((tables[0].rows, tables[0].bytes), (Some(0), Some(4_096)));
    assert_eq!(
        codes(&source).await,
        [FindingCode::NamesRefused, FindingCode::NamesRefused, FindingCode::TwoFiles, FindingCode::Readable]
    );
}

#[tokio::test]
async fn a_writer_does_not_make_a_source_unreadable_for_ever() {
    let folder = folder();
    let mut writer = database(folder.path(), "d", "CREATE TABLE t (c int); BEGIN EXCLUSIVE").await;
    let source = source(folder.path());
    let table = name("d", "t");
    let wait = source.shape(&table);
    let free = async {
        tokio::task::yield_now().await;
        writer.execute("COMMIT").await.expect("committed")
    };
    let (shape, _) = tokio::join!(wait, free);
    assert_eq!(shape.expect("a shape").columns[0].lake_type, Some(LakeType::Int));
}

/// The sample, read as a source: the catalogue page by page, then every row.
#[tokio::test]
async fn the_sample_is_the_same_on_every_machine() {
    let root = folder();
    let report = sample::write_sample(&root.path().join("sample")).await.expect("written");
    let source = SqliteSource::new(root.path(), "sample", &[]).expect("a source");
    let mut entries = Vec::new();
    loop {
        let after = entries.last().map(|entry: &lakegate::outside::source::TableEntry| entry.shape.name.clone());
        let page = source.tables(after.as_ref(), 20).await.expect("a page");
        if page.is_empty() {
            break;
        }
        entries.extend(page);
    }
    let listed: Vec<(TableName, u64)> =
        entries.iter().map(|entry| (entry.shape.name.clone(), entry.rows.expect("analysed"))).collect();
    assert_eq!(listed, sample::expected());
    assert!(entries.iter().all(|entry| entry.bytes.is_some() && !entry.shape.comment.is_empty()));
    let columns = || entries.iter().flat_map(|entry| &entry.shape.columns);
    assert!(columns().all(|column| column.lake_type.is_some() && !column.comment.is_empty()));
    assert!(entries.iter().any(|entry| entry.shape.columns.len() == 60));

    let mut sum = 0xcbf2_9ce4_8422_2325;
    let mut rows = 0;
    for entry in &entries {
        let mut read = source.open(&entry.shape.name).await.expect("open");
        assert_eq!(read.shape(), &entry.shape);
        let mut here = 0;
        while let Some(chunk) = read.next().await.expect("a chunk") {
            here += chunk.len() as u64;
            chunk.iter().flatten().for_each(|value| sum = add(sum, value));
        }
        assert_eq!(here, read.rows(), "{}", entry.shape.name);
        rows += here;
    }
    assert_eq!((rows, sum), (report.rows, 6_978_844_287_560_945_631));
}

/// A checksum of values, FNV-1a over eight bytes at a time.
fn add(sum: u64, value: &Value) -> u64 {
    let mix = |sum: u64, word: u64| (sum ^ word).wrapping_mul(0x0100_0000_01b3);
    let bytes = |sum: u64, bytes: &[u8]| {
        bytes.chunks(8).fold(mix(sum, bytes.len() as u64), |sum, part| {
            mix(sum, part.iter().fold(0, |word, byte| word << 8 | u64::from(*byte)))
        })
    };
    match value {
        Value::Null => mix(sum, 1),
        Value::Bool(yes) => mix(sum, 2 + u64::from(*yes)),
        Value::Int(number) | Value::Timestamp(number) => mix(sum, number.cast_unsigned()),
        Value::Decimal(number) => bytes(sum, &number.to_be_bytes()),
        Value::Float(number) => mix(sum, number.to_bits()),
        Value::Text(text) => bytes(sum, text.as_bytes()),
        Value::Bytes(run) => bytes(sum, run),
        Value::Date(number) | Value::Time(number) => mix(sum, i64::from(*number).cast_unsigned()),
        Value::List(list) => list.iter().fold(mix(sum, 4), |sum, text| bytes(sum, text.as_bytes())),
    }
}
