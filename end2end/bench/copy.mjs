// A copy of a 1,000,000-row, 14-column MariaDB table: rows a second and peak memory, beside mysqldump and dlt (to
// parquet, by its usual backend: its faster ones break over this table) on the same table, one after the other in one
// run. Peers that cannot be had here are left out by name.
import { execFileSync, spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { password, people, startLakegate } from "../lakegate.mjs";

const command = "make bench ONLY=copy";
const rows = Number(process.env.ROWS ?? 1_000_000);
const script = fileURLToPath(new URL("../../.ci/mariadb.sh", import.meta.url));
const need = fileURLToPath(new URL("../../.ci/need.sh", import.meta.url));

const table = `CREATE DATABASE bench; USE bench; CREATE TABLE contract (
  id bigint PRIMARY KEY, code varchar(32) NOT NULL, tenant varchar(64), amount decimal(12,2), signed_at datetime(6),
  updated_at timestamp(3) NULL, due date, active tinyint(1), floor int unsigned, serial bigint unsigned, note text,
  token varbinary(16), score double, level enum('low','middle','high'));
INSERT INTO contract SELECT seq, concat('C', lpad(seq, 10, '0')), concat('租客', seq mod 9973), (seq mod 99999) / 100,
  '2021-01-01' + INTERVAL seq SECOND, '2024-01-01' + INTERVAL (seq mod 86400) SECOND, '2026-01-01' + INTERVAL (seq mod 700) DAY,
  seq mod 2, seq mod 33, 9223372036854775807 - seq, IF(seq mod 7 = 0, NULL, repeat('按时付款 ', seq mod 9)),
  unhex(md5(seq)), seq / 7, elt(1 + seq mod 3, 'low', 'middle', 'high') FROM seq_1_to_${rows};`;

const dlt = `
import sys, dlt
from dlt.sources.sql_database import sql_database
url, out = sys.argv[1], sys.argv[2]
source = sql_database(url, schema="bench", table_names=["contract"], chunk_size=50000)
pipeline = dlt.pipeline("bench", destination=dlt.destinations.filesystem("file://" + out), dataset_name="bench", pipelines_dir=out + "/state")
pipeline.run(source, loader_file_format="parquet")
`;

/** The most memory a process ever held, in MB. @param {number} pid */
function peak(pid) {
  const line = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, "utf8"));
  return Math.ceil(Number(line?.[1] ?? 0) / 1024);
}

/** Seconds and the most memory of a command. @param {string} program @param {string[]} args */
async function run(program, args) {
  const begun = performance.now();
  const child = spawn(program, args, { stdio: ["ignore", "ignore", "inherit"] });
  let memory = 0;
  const watch = setInterval(() => {
    try {
      memory = Math.max(memory, peak(child.pid ?? 0));
    } catch {
      // It has just ended.
    }
  }, 20);
  const code = await new Promise((resolve) => child.once("exit", resolve));
  clearInterval(watch);
  if (code !== 0) throw new Error(`${program} ended with ${code}`);
  return { seconds: (performance.now() - begun) / 1000, memory };
}

/** @param {string} url @param {string} login */
async function caller(url, login) {
  const json = { "content-type": "application/json" };
  const answer = await fetch(`${url}/api/session`, { method: "POST", headers: json, body: JSON.stringify({ login, password }) });
  const cookie = answer.headers.getSetCookie().map((line) => line.split(";")[0]).join("; ");
  return async (/** @type {string} */ path, /** @type {unknown} */ body = undefined) => {
    const call = body === undefined ? {} : { method: "POST", body: JSON.stringify(body) };
    const headers = { ...json, cookie, "idempotency-key": crypto.randomUUID() };
    const response = await fetch(`${url}${path}`, { ...call, headers });
    if (!response.ok) throw new Error(`${path}: ${response.status} ${(await response.text()).slice(0, 500)}`);
    return response.json();
  };
}

/** @param {() => Promise<boolean>} what @param {number} seconds */
async function until(what, seconds) {
  const end = Date.now() + seconds * 1000;
  while (!(await what())) {
    if (Date.now() > end) throw new Error(`not within ${seconds} s: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** From the start of the copy until it is proven. @param {number} port */
async function lakegate(port) {
  const add = ["source", "add", "bench", "--host", "127.0.0.1", "--port", String(port), "--login", "bench"];
  const prepare = (/** @type {string} */ data) => {
    execFileSync(process.env.LAKEGATE_BIN ?? "", ["--data", data, ...add], { input: "bench\n" });
  };
  const server = await startLakegate({ prepare, env: { LAKEGATE_LOG: "text" } });
  try {
    const [lin, ops] = [await caller(server.url, people.requester), await caller(server.url, people.operator)];
    /** @type {any} */
    let found;
    await until(async () => {
      found = (await lin("/api/tables?q=contract&limit=200")).rows.find((/** @type {any} */ row) => row.table.database === "bench");
      return found !== undefined;
    }, 60);
    const asked = { title: "Bench", reason: "How fast is it?", route: "lake", tier: "daily", tables: [{ source: found.source, table: found.table }] };
    const id = (await lin("/api/requests", asked)).row.id;
    await ops(`/api/requests/${id}/decision`, { verdict: "approve", drop: [], comment: "" });
    const before = peak(server.pid);
    const state = async () => (await lin(`/api/requests/${id}/items`)).rows[0].state;
    await until(async () => ["copying", "verifying", "ready", "failed"].includes(await state()), 60);
    const begun = performance.now();
    await until(async () => ["ready", "failed"].includes(await state()), 600);
    const seconds = (performance.now() - begun) / 1000;
    if ((await state()) !== "ready") throw new Error(`the copy failed:\n${server.log()}`);
    return { seconds, memory: peak(server.pid), before };
  } finally {
    await server.stop();
  }
}

/** Python with dlt, in a folder of the user's cache. */
function python() {
  const folder = join(process.env.XDG_CACHE_HOME ?? join(homedir(), ".cache"), "lakegate", "dlt");
  const binary = join(folder, "bin", "python");
  if (!existsSync(join(folder, "ready"))) {
    execFileSync("python3", ["-m", "venv", folder]);
    execFileSync(binary, ["-m", "pip", "install", "--quiet", "dlt[parquet]", "sqlalchemy", "pymysql"], { stdio: "inherit" });
    writeFileSync(join(folder, "ready"), "");
  }
  return binary;
}

/** @returns {Promise<import("../bench.mjs").Figure[]>} */
export async function measure() {
  execFileSync(need, ["mariadb", "mariadb_dump"], { stdio: "inherit" });
  const folder = mkdtempSync(join(tmpdir(), "lakegate-bench-"));
  const own = join(folder, "mariadb");
  const url = new URL(execFileSync(script, ["start", own], { encoding: "utf8" }).trim());
  const sql = (/** @type {string} */ text) => execFileSync("mariadb", ["--no-defaults", "-h127.0.0.1", `-P${url.port}`, "-uroot"], { input: text });
  try {
    sql(table);
    sql("CREATE USER bench IDENTIFIED BY 'bench'; GRANT SELECT ON bench.* TO bench; ANALYZE TABLE bench.contract");
    /** @type {import("../bench.mjs").Figure[]} */
    const figures = [];
    const peers = [];
    /** @param {string} name @param {() => Promise<{ seconds: number, memory: number }>} peer */
    const beside = async (name, peer) => {
      try {
        const { seconds, memory } = await peer();
        peers.push(`${name} ${Math.round(rows / seconds)} rows/s, ${memory} MB`);
      } catch (cause) {
        console.error(`cannot measure ${name}:`, cause);
        peers.push(`${name} not measured`);
      }
    };
    await beside("mysqldump", () => run("mariadb-dump", ["--no-defaults", "-h127.0.0.1", `-P${url.port}`, "-uroot", "--single-transaction", "--quick", `--result-file=${join(folder, "dump.sql")}`, "bench", "contract"]));
    await beside("dlt", async () => {
      writeFileSync(join(folder, "peer.py"), dlt);
      return run(python(), [join(folder, "peer.py"), `mysql+pymysql://bench:bench@127.0.0.1:${url.port}/bench`, join(folder, "dlt")]);
    });
    const { seconds, memory, before } = await lakegate(Number(url.port));
    const peer = peers.join(" · ");
    figures.push({ name: "copy_rows_per_s", value: Math.round(rows / seconds), unit: "rows/s", limit: null, peer, command });
    figures.push({ name: "copy_peak_memory_mb", value: memory, unit: "MB", limit: null, peer: `${before} MB before the copy`, command });
    return figures;
  } finally {
    execFileSync(script, ["stop", own]);
    rmSync(folder, { recursive: true, force: true });
  }
}
