// A Lakegate beside the real stack: its source is the shop, its route is the cluster, and what it wrote down can be read when it is still.
import { execFile, execFileSync } from "node:child_process";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";

import { password, people, startLakegate } from "../lakegate.mjs";
import { until } from "./flink.mjs";

const run = promisify(execFile);

/** @typedef {(path: string, body?: unknown) => Promise<any>} Call */
/** @typedef {{ id: string, state: string, table: { table: string }, now: { key: string }, [more: string]: any }} Item */

/** Signs a person in; what they then call. @param {string} url @param {string} login @returns {Promise<Call>} */
async function caller(url, login) {
  const json = { "content-type": "application/json" };
  const answer = await fetch(`${url}/api/session`, { method: "POST", headers: json, body: JSON.stringify({ login, password }) });
  const cookie = answer.headers.getSetCookie().map((line) => line.split(";")[0]).join("; ");
  return async (path, body) => {
    const call = body === undefined ? {} : { method: "POST", body: JSON.stringify(body) };
    const response = await fetch(`${url}${path}`, { ...call, headers: { ...json, cookie, "idempotency-key": crypto.randomUUID() } });
    if (!response.ok) throw new Error(`${path}: ${response.status} ${(await response.text()).slice(0, 800)}`);
    return response.json();
  };
}

/** @typedef {Awaited<ReturnType<typeof openPortal>>} Portal */

/**
 * Starts a Lakegate that knows the shop as `shop`.
 * @param {import("../stack.mjs").Stack} stack @param {import("./shop.mjs").Shop} shop
 */
export async function openPortal(stack, shop) {
  const add = ["source", "add", "shop", "--host", "127.0.0.1", "--port", shop.port, "--login", "cdc"];
  const prepare = (/** @type {string} */ data) => {
    execFileSync(process.env.LAKEGATE_BIN ?? "", ["--data", data, ...add], { input: "cdc-secret\n", stdio: ["pipe", "ignore", "inherit"] });
  };
  // Without the span in which a decision can be taken back: what is measured is work, not waiting.
  const env = { LAKEGATE_LOG: "text", LAKEGATE_DEADLINES__APPROVED: "0" };
  let server = await startLakegate({ prepare, env });
  const sign = async () => ({ lin: await caller(server.url, people.requester), ops: await caller(server.url, people.operator) });
  let by = await sign();
  /** The first column of a question to its memory. @param {string} question @returns {Promise<string[]>} */
  const remembered = async (question) => {
    const read = "import json,sqlite3,sys; print(json.dumps([row[0] for row in sqlite3.connect(sys.argv[1]).execute(sys.argv[2])]))";
    return JSON.parse((await run("python3", ["-c", read, join(server.data, "lakegate.db"), question])).stdout);
  };
  let route = "";
  /** @type {Promise<unknown>} */
  let dead = Promise.resolve();

  return {
    /** Sets up the route `stream` to a cluster. @param {string} address */
    async addRoute(address) {
      const form = { name: "stream", engine: "flink", address, tiers: ["minutes", "daily"], database: "live_{database}", table: "{table}" };
      route = (await by.ops("/api/routes", form)).id;
    },
    data: server.data,
    url: () => server.url,
    log: () => server.log(),
    /** Asks for tables of the shop, as the requester. @param {string[]} tables @returns {Promise<string>} the request's id */
    async ask(tables) {
      const found = await until(async () => {
        const { rows } = await by.lin(`/api/tables?q=${shop.database}&limit=200`);
        const wanted = rows.filter((/** @type {any} */ row) => row.table.database === shop.database && tables.includes(row.table.table));
        return wanted.length === tables.length && wanted;
      }, 60);
      const asked = found.map((/** @type {any} */ row) => ({ source: row.source, table: row.table }));
      return (await by.lin("/api/requests", { title: tables.join(", "), reason: "To see them live.", route, tier: "minutes", tables: asked })).row.id;
    },
    /** @param {string} request */
    approve: (request) => by.ops(`/api/requests/${request}/decision`, { verdict: "approve", drop: [], comment: "" }),
    /** @param {string} request @returns {Promise<Item[]>} */
    items: async (request) => (await by.lin(`/api/requests/${request}/items`)).rows,
    /** Until each table of a request is in one of these states. @param {string} request @param {string[]} states @param {number} seconds */
    async settles(request, states, seconds) {
      /** @type {Item[]} */
      let last = [];
      const there = async () => {
        last = (await by.lin(`/api/requests/${request}/items`)).rows;
        const failed = last.find(({ state }) => state === "failed" && !states.includes(state));
        if (failed) throw new Error(`${failed.table.table} failed: ${JSON.stringify(failed.now)}`);
        return last.length > 0 && last.every(({ state }) => states.includes(state)) && last;
      };
      return until(there, seconds, 500).catch((/** @type {Error} */ cause) => {
        throw new Error(`not ${states} (${cause.message}): ${JSON.stringify(last, null, 1).slice(0, 3000)}\n${server.log().slice(-6000)}`);
      });
    },
    /** Tries what failed again, as the operator. @param {string} request */
    async tryAgain(request) {
      const { rows } = await by.ops(`/api/requests/${request}/items`);
      const items = rows.filter((/** @type {Item} */ item) => item.state === "failed").map((/** @type {Item} */ item) => item.id);
      return by.ops("/api/items/tend", { verb: "try_again", items });
    },
    /** Ends it as when its machine loses power. */
    kill() {
      process.kill(server.pid, "SIGKILL");
      dead = server.stop({ keep: true }).catch(() => {});
      return dead;
    },
    /** Starts it again on the same data. */
    async again() {
      await dead;
      server = await startLakegate({ data: server.data, env });
      by = await sign();
    },
    /** The runs that it believes to be alive: their ids as Flink knows them. */
    alive: () => remembered("SELECT id FROM runs WHERE stage NOT LIKE '%\"ended\"%' ORDER BY id"),
    /** What it noted against tables that are ready or late. */
    troubles: () => remembered("SELECT trouble FROM items WHERE state IN ('ready', 'late') AND trouble IS NOT NULL"),
    /** Ends it, then does what must come before its folder, the lake with it, goes. @param {() => Promise<void>} last */
    async stop(last) {
      await server.stop({ keep: true }).catch((/** @type {Error} */ cause) => console.error(cause.message.slice(0, 4000)));
      await last();
      await rm(server.data, { recursive: true, force: true });
    },
  };
}
