//! The servers that the tests are given; each test has a database of its own there.

use std::sync::atomic::{AtomicU64, Ordering};

use domain::name::{Name, TableName};
use domain::source::{Account, Limits, Login, Mysql, Port, Tls};
use domain::value::Row;
use lakegate::outside::source::mysql::MysqlSource;
use lakegate::outside::source::{Source, SourceError};
use sqlx::mysql::MySqlConnectOptions;
use sqlx::{AssertSqlSafe, ConnectOptions, Connection};

/// A server with a database of its own for one test.
pub struct Server {
    /// `MariaDB` or `MySQL`.
    pub name: &'static str,
    pub port: u16,
    pub database: Name,
}

impl Server {
    /// MariaDB and MySQL, where the tests are given them. In CI they must be.
    pub async fn each() -> Vec<Self> {
        let mut servers = Vec::new();
        for (name, variable) in [("MariaDB", "TEST_MARIADB_URL"), ("MySQL", "TEST_MYSQL_URL")] {
            match std::env::var(variable) {
                Ok(url) => servers.push(Self::new(name, &url).await),
                Err(_) => assert!(std::env::var("CI").is_err(), "in CI, {variable} must name a server"),
            }
        }
        servers
    }

    /// A database of its own at the server of that address.
    pub async fn new(name: &'static str, url: &str) -> Self {
        static COUNT: AtomicU64 = AtomicU64::new(0);
        rustls::crypto::ring::default_provider().install_default().ok();
        let port = url.rsplit_once(':').and_then(|(_, port)| port.trim_end_matches('/').parse().ok());
        let database = format!("it_{}_{}", std::process::id(), COUNT.fetch_add(1, Ordering::SeqCst));
        let database = database.parse().expect("a name");
        let server = Self { name, port: port.expect("the address ends in a port"), database };
        server.run_anywhere(&format!("CREATE DATABASE {}", server.database)).await;
        server
    }

    /// One more database of the test's own; its name ends so.
    pub async fn one_more(&self, end: &str) -> Name {
        let name: Name = format!("{}_{end}", self.database).parse().expect("a name");
        self.run_anywhere(&format!("CREATE DATABASE `{}` CHARACTER SET utf8mb4", name.as_str().replace('`', "``")))
            .await;
        name
    }

    pub fn is_mariadb(&self) -> bool {
        self.name == "MariaDB"
    }

    /// Runs statements inside the test's database.
    pub async fn run(&self, sql: &str) {
        self.run_anywhere(&format!("USE {}; {sql}", self.database)).await;
    }

    async fn run_anywhere(&self, sql: &str) {
        let done = self.try_run(sql).await;
        done.unwrap_or_else(|problem| {
            panic!("{}: {problem}: {}", self.name, sql.chars().take(500).collect::<String>())
        });
    }

    pub async fn try_run(&self, sql: &str) -> Result<(), sqlx::Error> {
        let mut connection = self.root().connect().await?;
        sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut connection).await?;
        connection.close().await
    }

    /// The first column of an answer, as text.
    pub async fn ask(&self, sql: &str) -> Vec<String> {
        use sqlx::Row as _;
        let mut connection = self.root().connect().await.expect("the server answers");
        let rows = sqlx::raw_sql(AssertSqlSafe(sql)).fetch_all(&mut connection).await.expect("good SQL");
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("text");
        rows.iter().map(|row| text(row.get_unchecked(0))).collect()
    }

    fn root(&self) -> MySqlConnectOptions {
        MySqlConnectOptions::new().host("127.0.0.1").port(self.port).username("root").disable_statement_logging()
    }

    /// The server as a place, with the administrator for both accounts.
    pub fn place(&self) -> Mysql {
        self.place_of("root", "root")
    }

    pub fn place_of(&self, catalogue: &str, copying: &str) -> Mysql {
        let login = |text: &str| text.parse::<Login>().expect("a login");
        Mysql {
            host: "127.0.0.1".parse().expect("a host"),
            port: Port::try_from(u32::from(self.port)).expect("a port"),
            tls: Tls::Preferred,
            catalogue: login(catalogue),
            copying: login(copying),
            limits: Limits::default(),
        }
    }

    /// The administrator's view of the source.
    pub fn source(&self) -> MysqlSource {
        MysqlSource::new(self.place(), Account::Copying, String::new().into())
    }

    /// A new account with a password and these rights, e.g. `SELECT ON it_1.*`.
    pub async fn account(&self, login: &str, password: &str, rights: &[&str]) -> String {
        let user = format!("{login}_{}", self.database);
        self.run(&format!("CREATE USER '{user}'@'%' IDENTIFIED BY '{password}'")).await;
        for right in rights {
            self.run(&format!("GRANT {right} TO '{user}'@'%'")).await;
        }
        user
    }

    pub fn table(&self, table: &str) -> TableName {
        TableName { database: self.database.clone(), table: table.parse().expect("a name") }
    }

    /// A table `big` of so many rows: a number, and a text that fills the wire.
    pub async fn fill(&self, rows: u32) {
        let digits = "(SELECT 0 d UNION SELECT 1 UNION SELECT 2 UNION SELECT 3 UNION SELECT 4 UNION SELECT 5 \
                      UNION SELECT 6 UNION SELECT 7 UNION SELECT 8 UNION SELECT 9)";
        let number = "a.d + 10 * b.d + 100 * c.d + 1000 * e.d + 10000 * f.d";
        let sql = format!(
            "CREATE TABLE big (id int PRIMARY KEY, note varchar(200) NOT NULL); \
             INSERT INTO big SELECT {number}, repeat('租赁', 50) FROM {digits} a, {digits} b, {digits} c, {digits} e, \
             {digits} f WHERE {number} < {rows}"
        );
        self.run(&sql).await;
    }
}

/// All rows of a table, as many as were counted.
pub async fn all(source: &dyn Source, table: &TableName) -> Result<Vec<Row>, SourceError> {
    let mut read = source.open(table).await?;
    let mut rows = Vec::new();
    while let Some(chunk) = read.next().await? {
        rows.extend(chunk);
    }
    assert_eq!(rows.len() as u64, read.rows());
    Ok(rows)
}
