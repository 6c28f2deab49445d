// Asking in bulk: 5,000 tables submitted in one act on both databases, their first page, a list of 5,000 lines looked up.
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { bigSource } from "../big.mjs";
import { figuresOf } from "../figures.mjs";
import { password, people, startLakegate } from "../lakegate.mjs";

const figure = figuresOf("make bench ONLY=ask");
const tables = 5_000;

/** @param {string} url */
async function caller(url) {
  const answer = await fetch(`${url}/api/session`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ login: people.requester, password }),
  });
  const cookie = answer.headers.getSetCookie().map((line) => line.split(";")[0]).join("; ");
  return async (/** @type {string} */ path, /** @type {RequestInit} */ call = {}, type = "application/json") => {
    const headers = { cookie, "content-type": type, "idempotency-key": crypto.randomUUID() };
    const response = await fetch(`${url}${path}`, { ...call, headers });
    const text = await response.text();
    if (!response.ok) throw new Error(`${path}: ${response.status} ${text.slice(0, 500)}`);
    return JSON.parse(text);
  };
}

/** @param {() => Promise<unknown>} what */
async function timed(what) {
  const begun = performance.now();
  await what();
  return performance.now() - begun;
}

/** The middle of some runs. @param {number} runs @param {() => Promise<unknown>} what */
async function middle(runs, what) {
  const times = [];
  for (let run = 0; run < runs; run += 1) times.push(await timed(what));
  return times.sort((one, other) => one - other)[Math.floor(runs / 2)] ?? 0;
}

/** @param {Record<string, string>} env */
async function measured(env) {
  const lakegate = await startLakegate({ env, prepare: bigSource(tables) });
  try {
    const lin = await caller(lakegate.url);
    const end = Date.now() + 120_000;
    while ((await lin("/api/tables?q=big_04999")).rows.length === 0) {
      if (Date.now() > end) throw new Error("the catalogue was not read within two minutes");
      await new Promise((resolve) => setTimeout(resolve, 300));
    }
    const lines = Array.from({ length: tables }, (_, n) => `lease-demo.big.big_${String(n).padStart(5, "0")}`);
    for (let n = 0; n < 100; n += 1) lines[n * 50] = `big.bigg_${String(n).padStart(5, "0")}`;
    const text = lines.join("\n");
    const paste = await middle(5, () => lin("/api/lookup?form=lines", { method: "POST", body: text }, "text/plain"));

    const contents = { title: "Everything", reason: "The old system ends.", picks: [{ q: "big.big_" }] };
    const draft = await lin("/api/drafts", { method: "POST", body: JSON.stringify(contents) });
    if (draft.tables.length !== tables) throw new Error(`${draft.tables.length} tables were picked`);
    const body = JSON.stringify({ version: draft.version });
    /** @type {any} */
    let request;
    const submit = await timed(async () => {
      request = await lin(`/api/drafts/${draft.id}/submit`, { method: "POST", body });
    });
    const items = `/api/requests/${request.row.id}/items?limit=50`;
    const page = await middle(9, () => lin(items));
    const view = await middle(9, () => lin(`/api/requests/${request.row.id}`));
    return { submit, page: Math.max(page, view), paste };
  } finally {
    await lakegate.stop();
  }
}

/** @returns {Promise<import("../bench.mjs").Figure[]>} */
export async function measure() {
  const script = fileURLToPath(new URL("../../.ci/postgres.sh", import.meta.url));
  const folder = mkdtempSync(join(tmpdir(), "lakegate-postgres-"));
  const both = [await measured({})];
  try {
    const url = execFileSync(script, ["start", folder], { encoding: "utf8" }).trim();
    both.push(await measured({ LAKEGATE_DATABASE: url }));
  } finally {
    execFileSync(script, ["stop", folder]);
    rmSync(folder, { recursive: true, force: true });
  }
  const slower = (/** @type {"submit" | "page" | "paste"} */ name) => Math.max(...both.map((one) => one[name]));
  return [
    figure("submit_5000_s", Math.round(slower("submit")) / 1000, "s", 2),
    figure("request_5000_first_page_ms", Math.round(slower("page")), "ms", 50),
    figure("paste_5000_ms", Math.round(slower("paste")), "ms", 300),
  ];
}
