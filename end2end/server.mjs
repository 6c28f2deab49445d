// A real MariaDB or MySQL that tables come from, with a database of its own for each test; and what lies in a lake, read
// by a reader that shares no code with us.
import { execFile } from "node:child_process";
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);
const root = join(import.meta.dirname, "..");
const script = (/** @type {string} */ name) => join(root, ".ci", name);

/**
 * @typedef {object} Server
 * @property {string} port where it listens on this machine
 * @property {string} database one of this test's own
 * @property {(sql: string) => Promise<string[][]>} sql runs statements in that database as its administrator; the rows as text, NULL as `NULL`
 * @property {(name: string, password: string) => Promise<string>} account makes an account that reads that database; its login
 * @property {() => Promise<void>} stop takes away what the test made; ends the server when it was started for it
 */

let count = 0;

/**
 * The server that the tests are given by `TEST_MARIADB_URL` or `TEST_MYSQL_URL`, else one of the test's own.
 * @param {"mariadb" | "mysql"} kind
 * @returns {Promise<Server>}
 */
export async function startServer(kind) {
  const given = process.env[`TEST_${kind.toUpperCase()}_URL`];
  const folder = given ? "" : await mkdtemp(join(tmpdir(), `lakegate-${kind}-`));
  const end = async () => void (folder && (await run(script(`${kind}.sh`), ["stop", folder])));
  const start = async () => {
    await run(script("need.sh"), [kind]);
    return (await run(script(`${kind}.sh`), ["start", folder])).stdout.trim();
  };
  try {
    return await inside(given ?? (await start()), end);
  } catch (cause) {
    await end();
    throw cause;
  }
}

/** @param {string} url @param {() => Promise<void>} end @returns {Promise<Server>} */
async function inside(url, end) {
  const port = url.slice(url.lastIndexOf(":") + 1);
  const database = `shop_${process.pid}_${count++}`;
  /** @type {string[]} */
  const made = [];
  const sql = async (/** @type {string} */ text, /** @type {string[]} */ more = [database]) => {
    const how = ["--no-defaults", "--protocol=tcp", "--host=127.0.0.1", `--port=${port}`, "--user=root"];
    const shown = ["--batch", "--skip-column-names", "--raw", "--default-character-set=utf8mb4", `--execute=${text}`];
    const { stdout } = await run("mariadb", [...how, ...shown, ...more], { maxBuffer: 1 << 26 });
    return stdout.split("\n").filter(Boolean).map((line) => line.split("\t"));
  };
  const account = async (/** @type {string} */ name, /** @type {string} */ password) => {
    const login = `${name}_${database}`;
    made.push(login);
    await sql(`CREATE USER '${login}'@'%' IDENTIFIED BY '${password}'; GRANT SELECT ON ${database}.* TO '${login}'@'%'`);
    return login;
  };
  const stop = async () => {
    const users = made.map((login) => `DROP USER '${login}'@'%';`).join(" ");
    await sql(`DROP DATABASE ${database}; ${users}`, []);
    await end();
  };
  await sql(`CREATE DATABASE ${database} CHARACTER SET utf8mb4`, []);
  return { port, database, sql, account, stop };
}

/**
 * A table of a lake as pypaimon reads it; cells as `server/lake/tests/read_table.py` spells them.
 * @param {string} data the data folder of a Lakegate @param {string} database @param {string} table
 * @returns {Promise<{ columns: string[], rows: (string | null)[][] }>}
 */
export async function readLake(data, database, table) {
  const python = process.env.LAKEGATE_PYTHON;
  if (!python) throw new Error("LAKEGATE_PYTHON must name a python with pypaimon; `make test` installs one and sets it");
  const reader = join(root, "server/lake/tests/read_table.py");
  const { stdout } = await run(python, [reader, join(data, "warehouse"), database, table], { maxBuffer: 1 << 28 });
  return JSON.parse(stdout);
}
