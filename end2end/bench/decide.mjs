// How long a decision about 5,000 tables takes: one transaction with one line of the log, on SQLite and on PostgreSQL.
import { execFile, spawn } from "node:child_process";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

import { figuresOf } from "../figures.mjs";
import { password, people, startLakegate } from "../lakegate.mjs";

const figure = figuresOf("make bench ONLY=decide");
const tables = 5_000;
const dropped = 40;
const run = promisify(execFile);
const postgres = new URL("../../.ci/postgres.sh", import.meta.url).pathname;

/** A folder of sources with one database of many empty tables. @param {string} folder */
async function manyTables(folder) {
  await mkdir(join(folder, "sample"), { recursive: true });
  const sql = Array.from({ length: tables }, (_, n) => `CREATE TABLE t${n} (id INTEGER PRIMARY KEY, name TEXT, at TEXT);`);
  const sqlite = spawn("sqlite3", [join(folder, "sample", "many.db")], { stdio: ["pipe", "ignore", "inherit"] });
  sqlite.stdin.end(`BEGIN;\n${sql.join("\n")}\nCOMMIT;\n`);
  const code = await new Promise((resolve) => sqlite.once("exit", resolve));
  if (code !== 0) throw new Error(`sqlite3 ended with ${code}`);
}

/** Signs in and gives a function that calls the API. @param {string} url @param {string} login */
async function caller(url, login) {
  const headers = { "content-type": "application/json" };
  const signed = await fetch(`${url}/api/session`, { method: "POST", headers, body: JSON.stringify({ login, password }) });
  const cookie = signed.headers.getSetCookie().map((line) => line.split(";")[0]).join("; ");
  return async (/** @type {string} */ path, /** @type {unknown} */ body, /** @type {Record<string, string>} */ more = {}) => {
    const method = body === undefined ? "GET" : "POST";
    const answer = await fetch(`${url}${path}`, { method, headers: { ...headers, cookie, ...more }, body: JSON.stringify(body) });
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
    return answer.json();
  };
}

/** Seconds of one decision. @param {Record<string, string>} env */
async function decision(env) {
  const lakegate = await startLakegate({ env });
  try {
    const [lin, chen] = await Promise.all([caller(lakegate.url, people.requester), caller(lakegate.url, people.approver)]);
    const end = Date.now() + 120_000;
    let known = 0;
    while (known < tables && Date.now() < end) {
      known = (await lin("/api/choices")).sources[0].tables;
      if (known < tables) await new Promise((resolve) => setTimeout(resolve, 500));
    }
    const source = (await lin("/api/choices")).sources[0].id;
    const asked = Array.from({ length: tables }, (_, n) => ({ source, table: { database: "many", table: `t${n}` } }));
    const body = { title: "Many", reason: "To see how long it takes.", route: "lake", tier: "daily", tables: asked };
    const request = await lin("/api/requests", body, { "idempotency-key": "bench-decide-5000" });
    const card = (await chen(`/api/inbox/${request.row.id}`)).thing;
    const drop = card.tables.slice(0, dropped).map((/** @type {any} */ table) => table.item.id);
    const begun = performance.now();
    const view = await chen(`/api/requests/${request.row.id}/decision`, { verdict: "approve", drop, comment: "Not these." });
    const seconds = (performance.now() - begun) / 1000;
    const { stamp } = view.row;
    if (stamp.let_in !== tables - dropped || stamp.of !== tables) throw new Error(`decided ${JSON.stringify(stamp)}`);
    // Nothing starts: the measurement ends before the approvals could no longer be taken back.
    await chen(`/api/requests/${request.row.id}/take-back`, {});
    return seconds;
  } finally {
    await lakegate.stop();
  }
}

/** @returns {Promise<import("../bench.mjs").Figure[]>} */
export async function measure() {
  const folder = await mkdtemp(join(tmpdir(), "lakegate-many-"));
  try {
    await manyTables(folder);
    const env = { LAKEGATE_SOURCES: folder, LAKEGATE_DEADLINES__APPROVED: "600000" };
    const figures = [{ on: "SQLite", seconds: await decision(env) }];
    // Not below the folder, which is ours alone: PostgreSQL runs as somebody else.
    const server = await mkdtemp(join(tmpdir(), "lakegate-postgres-"));
    const { stdout } = await run(postgres, ["start", server]);
    try {
      figures.push({ on: "PostgreSQL", seconds: await decision({ ...env, LAKEGATE_DATABASE: stdout.trim() }) });
    } finally {
      await run(postgres, ["stop", server]);
    }
    const round = (/** @type {number} */ seconds) => Math.round(seconds * 1000) / 1000;
    const slower = Math.max(...figures.map(({ seconds }) => seconds));
    return [
      ...figures.map(({ on, seconds }) => figure(`a decision about 5,000 tables, ${on}`, round(seconds), "s")),
      figure("decide_5000_s", round(slower), "s", 2),
    ];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
