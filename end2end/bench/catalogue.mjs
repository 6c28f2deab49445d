// How long the catalogue of 40 sources with 2,500 tables of 20 columns each takes to be read the first time and once more,
// how much memory that takes, and what people who work meanwhile feel of it: looks, and writes of their drafts. They do so
// before there is anything, too, and once all is there and nothing is read.
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { figuresOf } from "../figures.mjs";
import { password, people, startLakegate } from "../lakegate.mjs";

const figure = figuresOf("ONLY=catalogue make bench");
const sources = Number(process.env.SOURCES ?? 40);
const tables = Number(process.env.TABLES ?? 2_500);
const seed = fileURLToPath(new URL("seed_sources.py", import.meta.url));
const looks = ["/api/tables?q=contract", "/api/choices", "/api/requests?mine=true", "/api/tables?q=lease%20bill&lake=no"];
const python = process.env.LAKEGATE_PYTHON ?? "python3";

/** Signs in; gives a function that calls. @param {string} url @param {string} login */
async function caller(url, login) {
  const headers = { "content-type": "application/json" };
  const signed = await fetch(`${url}/api/session`, { method: "POST", headers, body: JSON.stringify({ login, password }) });
  const cookie = signed.headers.getSetCookie().map((line) => line.split(";")[0]).join("; ");
  return async (/** @type {string} */ method, /** @type {string} */ path, /** @type {unknown} */ body, more = {}) => {
    const answer = await fetch(`${url}${path}`, { method, headers: { ...headers, cookie, ...more }, body: JSON.stringify(body) });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${text}`);
    return text ? JSON.parse(text) : undefined;
  };
}

/** @param {number[]} times */
function p95(times) {
  const sorted = [...times].sort((a, b) => a - b);
  return Math.round((sorted[Math.floor(sorted.length * 0.95)] ?? 0) * 10) / 10;
}

/** Works as somebody does, until told to stop. @param {Awaited<ReturnType<typeof caller>>} call */
function work(call) {
  /** @type {{ looks: Record<string, number[]>, writes: number[], stop: () => Promise<void> }} */
  const work = { looks: Object.fromEntries(looks.map((path) => [path, []])), writes: [], stop: async () => {} };
  let on = true;
  const timed = async (/** @type {number[]} */ times, /** @type {() => Promise<any>} */ act) => {
    const begun = performance.now();
    const answer = await act();
    times.push(performance.now() - begun);
    return answer;
  };
  const looking = async () => {
    for (let at = 0; on; at++) {
      const path = looks[at % looks.length];
      await timed(work.looks[path], () => call("GET", path, undefined));
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  };
  const writing = async () => {
    const empty = { title: "", reason: "", route: null, tier: null, keep_until: "", heir: "", tables: [], picks: [], without: [] };
    const key = { "idempotency-key": `bench-${Date.now()}` };
    let draft = await call("POST", "/api/drafts", empty, key);
    for (let at = 0; on; at++) {
      const contents = { ...draft.contents, title: `title ${at}` };
      const save = { version: draft.version, contents };
      draft = await timed(work.writes, () => call("PUT", `/api/drafts/${draft.id}`, save));
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  };
  const all = [looking(), looking(), writing()];
  work.stop = async () => {
    on = false;
    await Promise.all(all);
  };
  return work;
}

/** @returns {Promise<import("../bench.mjs").Figure[]>} */
export async function measure() {
  const prepare = (/** @type {string} */ data) => {
    execFileSync(python, [seed, join(data, "sources"), String(sources), String(tables)]);
  };
  const lakegate = await startLakegate({ prepare });
  try {
    const [ops, lin] = await Promise.all([caller(lakegate.url, people.operator), caller(lakegate.url, people.requester)]);
    const read = async (/** @type {(source: any) => boolean} */ enough) => {
      for (;;) {
        const seen = (await ops("GET", "/api/choices", undefined)).sources.filter(({ name }) => name.startsWith("bench-"));
        if (seen.length === sources && seen.every(enough)) return seen;
        await new Promise((resolve) => setTimeout(resolve, 250));
      }
    };
    const memory = (/** @type {string} */ what) => {
      const kilobytes = new RegExp(`${what}:\\s+(\\d+)`).exec(readFileSync(`/proc/${lakegate.pid}/status`, "utf8"));
      return Math.round(Number(kilobytes?.[1] ?? 0) / 1024);
    };
    const cpu = () => {
      // Behind the program's name, which may hold anything: the 12th and 13th are its time in hundredths of a second.
      const fields = readFileSync(`/proc/${lakegate.pid}/stat`, "utf8").split(") ")[1].split(" ");
      return (Number(fields[11]) + Number(fields[12])) / 100;
    };
    /** What people feel while something happens, and how long that takes. @param {() => Promise<any>} act */
    const felt = async (act) => {
      const [begun, spent, working] = [performance.now(), cpu(), work(lin)];
      const done = await act();
      const [seconds, processor] = [(performance.now() - begun) / 1000, cpu() - spent];
      await working.stop();
      return { ...working, done, seconds, processor };
    };
    const nothing = () => felt(() => new Promise((resolve) => setTimeout(resolve, 5_000)));
    const before = await nothing();
    const first = await felt(async () => {
      for (let at = 0; at < sources; at++) {
        const name = `bench-${String(at).padStart(2, "0")}`;
        const form = { name, kind: "sqlite", path: name, host: "", port: null, tls: "", ca: "", catalogue: "", copying: "" };
        await ops("POST", "/api/sources", { form });
      }
      return read(({ tables: n }) => n === tables);
    });
    const after = await nothing();
    const again = await felt(async () => {
      const since = Math.max(...first.done.map(({ read_at }) => read_at));
      for (const { id } of first.done) await ops("POST", `/api/tables/${id}/read`, {});
      return read(({ read_at }) => read_at > since);
    });
    const round = (/** @type {number} */ n) => Math.round(n * 10) / 10;
    return [
      figure(`catalogue_first_s, ${sources} sources x ${tables} tables`, round(first.seconds), "s"),
      figure("catalogue_first_cpu_s, with what people did", round(first.processor), "s"),
      figure("catalogue_again_s, nothing changed", round(again.seconds), "s"),
      figure("catalogue_again_cpu_s, with what people did", round(again.processor), "s"),
      figure("catalogue_memory_peak, the search included", memory("VmHWM"), "MB"),
      ...Object.entries({ before, meanwhile: first, "at rest": after, "meanwhile again": again }).flatMap(([when, felt]) => [
        figure(`catalogue: looks ${when}, p95`, p95(Object.values(felt.looks).flat()), "ms"),
        ...looks.map((path) => figure(`catalogue: ${path} ${when}, p95`, p95(felt.looks[path]), "ms")),
        figure(`catalogue: writes ${when}, p95`, p95(felt.writes), "ms"),
        figure(`catalogue: the longest write ${when}`, Math.round(Math.max(...felt.writes)), "ms"),
      ]),
    ];
  } finally {
    await lakegate.stop();
  }
}
