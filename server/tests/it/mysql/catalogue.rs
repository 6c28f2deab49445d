//! The catalogue of a server: names of every kind, in pages, with what is known of each table.

use domain::name::TableName;
use domain::types::LakeType;
use lakegate::outside::source::{Source, SourceError, TableEntry};

use super::server::{Server, all};

/// The catalogue of the test's own database, by pages of so many.
async fn pages(server: &Server, limit: usize) -> Vec<TableEntry> {
    let source = server.source();
    let mut entries: Vec<TableEntry> = Vec::new();
    let mut after = Some(TableName { database: server.database.clone(), table: "\u{21}".parse().expect("a name") });
    loop {
        let page = source.tables(after.as_ref(), limit).await.expect("a page");
        assert!(page.len() <= limit);
        after = page.last().map(|entry| entry.shape.name.clone());
        let own: Vec<_> = page.into_iter().filter(|entry| entry.shape.name.database == server.database).collect();
        if own.is_empty() {
            return entries;
        }
        entries.extend(own);
    }
}

#[tokio::test]
async fn a_table_is_told_with_comments_key_and_sizes() {
    for server in Server::each().await {
        let sql = "CREATE TABLE contract (b varchar(20) NOT NULL COMMENT '合同号', a int unsigned NOT NULL, \
                   amount decimal(12,2) DEFAULT NULL, PRIMARY KEY (a, b)) COMMENT '租赁合同 ''50%'''; \
                   CREATE TABLE nokey (a int); CREATE VIEW seen AS SELECT 1; \
                   INSERT INTO contract VALUES ('x', 1, 1.5); ANALYZE TABLE contract";
        server.run(sql).await;
        let entries = pages(&server, 10).await;
        let names: Vec<_> = entries.iter().map(|entry| entry.shape.name.table.as_str()).collect();
        assert_eq!(names, ["contract", "nokey"], "a view is no table");
        let contract = &entries[0];
        assert_eq!(contract.shape.comment, "租赁合同 '50%'");
        let key: Vec<_> = contract.shape.primary_key.iter().map(ToString::to_string).collect();
        assert_eq!(key, ["a", "b"], "in the order of the key, not of the columns");
        let columns: Vec<_> = contract
            .shape
            .columns
            .iter()
            .map(|column| (column.name.as_str(), column.lake_type, column.nullable, column.comment.as_str()))
            .collect();
        let expected = [
            ("b", Some(LakeType::VarChar(20)), false, "合同号"),
            ("a", Some(LakeType::BigInt), false, ""),
            ("amount", Some(LakeType::Decimal(12, 2)), true, ""),
        ];
        assert_eq!(columns, expected);
        assert_eq!(contract.rows, Some(1));
        assert!(contract.bytes.is_some_and(|bytes| bytes > 0));
        assert_eq!(server.source().shape(&server.table("contract")).await.expect("a shape"), contract.shape);
        assert!(server.source().shape(&server.table("nokey")).await.expect("a shape").primary_key.is_empty());
    }
}

#[tokio::test]
async fn odd_names_are_read_exactly_and_pages_miss_none() {
    for server in Server::each().await {
        // A file name holds 50 of them on both servers.
        let long = "租".repeat(50);
        let plain = "x".repeat(64);
        let names = [
            "a'b\"c",
            "back`tick",
            "50%_off",
            "ünïcode",
            "☂ rain",
            "a.b",
            "select",
            "; DROP TABLE t; --",
            "合同",
            &long,
            &plain,
            "dash-and space",
            "$odd",
            "0123",
        ];
        for name in names {
            let quoted = name.replace('`', "``");
            server
                .run(&format!(
                    "CREATE TABLE `{quoted}` (`{quoted}` int PRIMARY KEY); INSERT INTO `{quoted}` VALUES (7)"
                ))
                .await;
        }
        // Names that the lake could not hold are left out.
        server.run("CREATE TABLE `a/b` (id int); CREATE TABLE good (`c\\\\d` int)").await;
        let mut expected: Vec<_> = names.iter().map(|name| server.table(name)).collect();
        expected.sort();
        for limit in [1, 3, 100] {
            let found: Vec<_> = pages(&server, limit).await.into_iter().map(|entry| entry.shape.name).collect();
            assert_eq!(found, expected, "{} by pages of {limit}", server.name);
        }
        for name in names {
            let rows = all(&server.source(), &server.table(name)).await.expect("rows");
            assert_eq!(rows.len(), 1, "{name}");
        }
        let refused = server.source().shape(&server.table("good")).await;
        assert!(matches!(refused, Err(SourceError::Other { .. })), "{refused:?}");
    }
}

#[tokio::test]
async fn names_that_differ_in_case_only_are_two_tables() {
    for server in Server::each().await {
        server.run("CREATE TABLE Orders (a int PRIMARY KEY); CREATE TABLE orders (b int PRIMARY KEY)").await;
        let found = pages(&server, 1).await;
        let columns: Vec<_> = found
            .iter()
            .map(|entry| {
                (entry.shape.name.table.as_str(), entry.shape.columns[0].name.as_str(), entry.shape.columns.len())
            })
            .collect();
        assert_eq!(columns, [("Orders", "a", 1), ("orders", "b", 1)], "{}", server.name);
        let gone = server.source().shape(&server.table("ORDERS")).await;
        assert!(matches!(gone, Err(SourceError::Gone { .. })), "{gone:?}");
    }
}

#[tokio::test]
async fn what_an_account_may_not_see_is_not_in_its_catalogue() {
    for server in Server::each().await {
        server.run("CREATE TABLE open_to_all (a int); CREATE TABLE secret (a int)").await;
        let right = format!("SELECT ON {}.open_to_all", server.database);
        let login = server.account("few", "pass word", &[&right]).await;
        let place = server.place_of(&login, &login);
        let source = lakegate::outside::source::mysql::MysqlSource::new(
            place,
            domain::source::Account::Catalogue,
            "pass word".to_owned().into(),
        );
        let found: Vec<_> = source.tables(None, 100).await.expect("a page").into_iter().map(|e| e.shape.name).collect();
        assert_eq!(found, [server.table("open_to_all")], "{}", server.name);
        let denied = source.open(&server.table("secret")).await.err();
        assert!(matches!(denied, Some(SourceError::Denied { .. })), "{denied:?}");
    }
}
