// How soon 8 people who type at once find their table among 100,000 with 20 columns each, over 40 sources; how much memory
// that takes, and how soon a fresh start has filled its search.
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { Agent, request } from "node:http";
import { fileURLToPath } from "node:url";

import { figuresOf } from "../figures.mjs";
import { password, people, startLakegate } from "../lakegate.mjs";

const figure = figuresOf("ONLY=search make bench");
const sources = Number(process.env.SOURCES ?? 40);
const tables = Number(process.env.TABLES ?? 2_500);
const clients = 8;
const searches = Number(process.env.SEARCHES ?? 4_000);
const seed = fileURLToPath(new URL("seed_catalogue.py", import.meta.url));
const python = process.env.LAKEGATE_PYTHON ?? "python3";

const words = "contract tenant room lease bill deposit invoice refund coupon member payment commission archive snapshot report".split(" ");
const chinese = "合同 租客 押金 发票 优惠券 积分 门店 佣金 归档 快照 编号 金额".split(" ");
const filters = ["", "&lake=no", "&copy=nokey", "&size=large", "&source=bench-07", "&q=", "&lake=no&size=small"];

/** A word as somebody has typed it so far, in the order in which people type. @param {number} at */
function typed(at) {
  const pick = (/** @type {string[]} */ list) => list[(at * 7919) % list.length];
  const word = pick(words);
  const length = 2 + (at % Math.max(1, word.length - 1));
  const number = (at * 104_729) % tables;
  const lines = [
    word.slice(0, length),
    `${pick(chinese)}`,
    `${word} ${pick(chinese)}`,
    `${word}_${words[(at * 31) % words.length]}`,
    `_${number}`,
    `column:${word} ${words[(at * 17) % words.length]}`,
    `nothing_${at}`,
    `source:bench-${String(at % sources).padStart(2, "0")} ${word}`,
  ];
  return lines[at % lines.length];
}

/** @param {string} url @param {string} cookie @param {Agent} agent @param {string} path @returns {Promise<any>} */
function get(url, cookie, agent, path) {
  return new Promise((resolve, reject) => {
    const call = request(`${url}${path}`, { agent, headers: { cookie } }, (answer) => {
      let text = "";
      answer.setEncoding("utf8");
      answer.on("data", (part) => (text += part));
      answer.on("end", () => (answer.statusCode === 200 ? resolve(JSON.parse(text)) : reject(new Error(`${path}: ${answer.statusCode} ${text}`))));
    });
    call.on("error", reject);
    call.end();
  });
}

/** @param {string} url */
async function signIn(url) {
  const answer = await fetch(`${url}/api/session`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ login: people.requester, password }),
  });
  return answer.headers.getSetCookie().map((line) => line.split(";")[0]).join("; ");
}

/** Megabytes that a process holds. @param {number} pid */
function memory(pid) {
  const kilobytes = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"));
  return Math.round(Number(kilobytes?.[1] ?? 0) / 1024);
}

/** @param {import("../lakegate.mjs").Lakegate} lakegate @param {string} cookie */
async function filled(lakegate, cookie) {
  const agent = new Agent({ keepAlive: true });
  for (;;) {
    const found = await get(lakegate.url, cookie, agent, "/api/tables?limit=1&q=");
    if (!found.filling && found.sums.tables >= sources * tables) return agent.destroy();
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** @returns {Promise<import("../bench.mjs").Figure[]>} */
export async function measure() {
  const first = await startLakegate();
  await signIn(first.url);
  const empty = memory(first.pid);
  await first.stop({ keep: true });
  execFileSync(python, [seed, `${first.data}/lakegate.db`, String(sources), String(tables), String(Date.now())]);

  const begun = performance.now();
  const lakegate = await startLakegate({ data: first.data });
  try {
    const cookie = await signIn(lakegate.url);
    await filled(lakegate, cookie);
    const refill = performance.now() - begun;
    const full = memory(lakegate.pid);
    /** @type {number[]} */
    const times = [];
    /** @type {number[]} */
    const took = [];
    let next = 0;
    const someone = async () => {
      const agent = new Agent({ keepAlive: true, maxSockets: 1 });
      while (next < searches) {
        const at = next++;
        const path = `/api/tables?q=${encodeURIComponent(typed(at))}${at % 5 === 0 ? filters[at % filters.length] : ""}`;
        const asked = performance.now();
        const found = await get(lakegate.url, cookie, agent, path.replace(/&q=$/, ""));
        if (at >= searches / 10) {
          times.push(performance.now() - asked);
          took.push(found.took / 1000);
        }
      }
      agent.destroy();
    };
    await Promise.all(Array.from({ length: clients }, someone));
    const at = (/** @type {number[]} */ list, /** @type {number} */ part) => {
      const sorted = [...list].sort((a, b) => a - b);
      return Math.round((sorted[Math.floor(sorted.length * part)] ?? 0) * 100) / 100;
    };
    return [
      figure("search_100k_p95_ms", at(times, 0.95), "ms", 20),
      figure("search_100k_p50_ms", at(times, 0.5), "ms"),
      figure("search_100k, of that in the server, p95", at(took, 0.95), "ms"),
      figure("search_100k_memory, the whole server", full, "MB", 400),
      figure("search_100k_memory, without a catalogue", empty, "MB"),
      figure("search_100k_refill, from start to a full search", Math.round(refill), "ms"),
    ];
  } finally {
    await lakegate.stop();
  }
}
