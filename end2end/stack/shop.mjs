// A shop in a real MariaDB whose rows keep changing, and how it is held against what lies in the lake.
import { execFile, spawn } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);
const reader = join(import.meta.dirname, "../../server/lake/tests/read_table.py");

/** The tables, and how to ask MariaDB for them so that its text is what `read_table.py` prints. */
export const told = {
  orders: "SELECT id, customer, CAST(amount * 100 AS int), status, note, TIMESTAMPDIFF(MICROSECOND, '1970-01-01', made) FROM orders",
  order_line: "SELECT order_id, line, qty FROM order_line",
  客户: "SELECT 编号, 姓名, 有效 FROM 客户",
};
export const tables = Object.keys(told);

const made = (/** @type {number} */ rows) => `
  CREATE TABLE orders (id bigint unsigned NOT NULL AUTO_INCREMENT PRIMARY KEY, customer int, amount decimal(12,2), status enum('new','paid','gone'), note text, made datetime(6));
  CREATE TABLE order_line (order_id bigint NOT NULL, line int NOT NULL, qty smallint unsigned NOT NULL, PRIMARY KEY (order_id, line));
  CREATE TABLE 客户 (编号 int PRIMARY KEY, 姓名 varchar(40) NOT NULL, 有效 tinyint(1) NOT NULL) COMMENT '客户';
  INSERT INTO orders SELECT seq, seq % 997, seq / 3, elt(1 + seq % 3, 'new', 'paid', 'gone'), if(seq % 5, concat('note ', seq, ' 😀'), NULL), '2026-01-01' + INTERVAL seq SECOND + INTERVAL seq MICROSECOND FROM seq_1_to_${rows};
  INSERT INTO order_line SELECT 1 + seq DIV 2, seq % 2, seq % 60000 FROM seq_1_to_${rows};
  INSERT INTO 客户 SELECT seq, concat('客户', seq), seq % 2 FROM seq_1_to_1000;`;

// One insert, one update and one delete in each table, and one of two tables together.
const change = (/** @type {number} */ n) => `START TRANSACTION;
  INSERT INTO orders (customer, amount, status, note, made) VALUES (${n}, ${n}.5, 'new', 'while it runs', now(6));
  INSERT INTO order_line VALUES (1000000 + ${n}, 1, ${n % 60000}); COMMIT;
  UPDATE orders SET status = 'gone', amount = amount + 1 WHERE id = ${1 + ((n * 7) % 2000)};
  DELETE FROM orders WHERE id = ${2000 + n};
  UPDATE order_line SET qty = qty + 1 WHERE order_id = ${1 + (n % 900)}; DELETE FROM order_line WHERE order_id = ${1000 + n};
  INSERT INTO 客户 VALUES (${10_000 + n}, '新客户', 1); UPDATE 客户 SET 有效 = 1 - 有效 WHERE 编号 = ${1 + (n % 500)}; DELETE FROM 客户 WHERE 编号 = ${500 + (n % 500)};\n`;

/** @typedef {Awaited<ReturnType<typeof openShop>>} Shop */

/**
 * Makes a database of that name with its tables, and an account `cdc` that may copy and follow it.
 * @param {string} url @param {string} database @param {number} rows of the larger tables
 */
export async function openShop(url, database, rows = 20_000) {
  const port = new URL(url).port;
  const client = ["--no-defaults", "--protocol=tcp", "--host=127.0.0.1", `--port=${port}`, "--user=root", "--batch", "--skip-column-names", "--raw", "--default-character-set=utf8mb4"];
  /** @param {string} text @param {string[]} more @returns {Promise<string[][]>} */
  const sql = async (text, more = [database]) => {
    const { stdout } = await run("mariadb", [...client, `--execute=${text}`, ...more], { maxBuffer: 1 << 28 });
    return stdout.split("\n").filter(Boolean).map((line) => line.split("\t"));
  };
  await sql(`CREATE OR REPLACE DATABASE ${database} CHARACTER SET utf8mb4;
    CREATE USER IF NOT EXISTS 'cdc'@'%' IDENTIFIED BY 'cdc-secret';
    GRANT SELECT, SHOW DATABASES, REPLICATION SLAVE, REPLICATION CLIENT ON *.* TO 'cdc'@'%'`, []);
  await sql(made(rows));

  /** Changes rows until it is told to stop, which gives how many rounds there were. */
  const change_rows = () => {
    const child = spawn("mariadb", [...client, "--unbuffered", database], { stdio: ["pipe", "ignore", "inherit"] });
    const ended = new Promise((resolve) => child.once("exit", resolve));
    let rounds = 0;
    const next = () => child.stdin.write(change(++rounds));
    const timer = setInterval(next, 100);
    next();
    // It may be told twice: by a test, and by what cleans up after it.
    return async () => {
      clearInterval(timer);
      child.stdin.end();
      const code = await ended;
      if (code !== 0) throw new Error(`the changes ended with ${code} after ${rounds} rounds`);
      return rounds;
    };
  };

  /** Cuts every connection by which changes are followed. */
  const cut = async () => {
    for (const [id] of await sql("SELECT id FROM information_schema.processlist WHERE command LIKE 'Binlog Dump%'")) await sql(`KILL ${id}`);
  };

  /** Tables whose rows in the lake are not those of the database, each with what differs. @param {string} warehouse @param {string} lake the database there @param {(table: string) => string} target */
  const differences = async (warehouse, lake, target = (table) => table) => {
    const found = [];
    for (const [table, question] of Object.entries(told)) {
      const rows = (await readTable(warehouse, lake, target(table))).map((row) => row.map((cell) => cell ?? "NULL").join("\t"));
      const [here, there] = [new Set((await sql(question)).map((row) => row.join("\t"))), new Set(rows)];
      const [missing, more] = [[...here].filter((row) => !there.has(row)), rows.filter((row) => !here.has(row))];
      if (missing.length + more.length > 0 || rows.length !== here.size) {
        found.push(`${table}: ${here.size} rows, ${rows.length} in the lake; ${missing.length} missing: ${missing.slice(0, 3)}; ${more.length} more: ${more.slice(0, 3)}`);
      }
    }
    return found;
  };
  return { port, database, sql, change: change_rows, cut, differences };
}

/** The rows of a table of a lake, by pypaimon. @param {string} warehouse @param {string} database @param {string} table @returns {Promise<(string | null)[][]>} */
export async function readTable(warehouse, database, table) {
  const python = process.env.LAKEGATE_PYTHON;
  if (!python) throw new Error("LAKEGATE_PYTHON must name a python with pypaimon; `make stack` sets it");
  const { stdout } = await run(python, [reader, warehouse, database, table], { maxBuffer: 1 << 28 });
  return JSON.parse(stdout).rows;
}
