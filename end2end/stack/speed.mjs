// How long it takes from an approval until all tasks of its job run, beside a bare script of the same calls, in turns on one warm cluster.
import { argumentsOf } from "./bare.mjs";
import { flink, until } from "./flink.mjs";
import { openPortal } from "./portal.mjs";
import { openShop } from "./shop.mjs";

const rounds = 5;
const command = "make stack ONLY=speed";
const table = (/** @type {number} */ round) => `speed_${round}`;
const median = (/** @type {number[]} */ all) => all.toSorted((one, other) => one - other)[Math.floor(all.length / 2)] ?? 0;

/** @param {import("../stack.mjs").Stack} stack @returns {Promise<import("../bench.mjs").Figure[]>} */
export async function check(stack) {
  const api = flink(stack.flink);
  const shop = await openShop(stack.mariadb, "race");
  for (let round = 0; round <= rounds; round += 1) await shop.sql(`CREATE TABLE ${table(round)} (id int PRIMARY KEY); INSERT INTO ${table(round)} VALUES (1)`);
  const portal = await openPortal(stack, shop);
  /** @type {string[]} */
  const known = [];
  const fresh = async () => (await api.jobs()).find(({ jid, state }) => state === "RUNNING" && !known.includes(jid))?.jid;

  const bare = async (/** @type {number} */ round) => {
    const begun = performance.now();
    const more = { names: [table(round)], target: `bare_${round}`, uid: `bare-${round}`, ids: "6401-6401" };
    const job = await api.run(await api.upload(), "bare", argumentsOf(shop, stack.warehouse, more));
    await api.running(job);
    const took = performance.now() - begun;
    await api.cancel(job);
    return took;
  };
  const ours = async (/** @type {number} */ round) => {
    const request = await portal.ask([table(round)]);
    const begun = performance.now();
    await portal.approve(request);
    const job = await until(fresh, 60, 20);
    known.push(job);
    await api.running(job);
    return performance.now() - begun;
  };

  /** @type {{ bare: number[], ours: number[] }} */
  const took = { bare: [], ours: [] };
  try {
    await portal.addRoute(stack.flink);
    known.push(...(await api.jobs()).map(({ jid }) => jid));
    // The first of each loads classes, and brings the launcher.
    await bare(0);
    known.push(...(await api.jobs()).map(({ jid }) => jid));
    await ours(0);
    for (let round = 1; round <= rounds; round += 1) {
      took.bare.push(await bare(round));
      known.push(...(await api.jobs()).map(({ jid }) => jid));
      took.ours.push(await ours(round));
    }
  } finally {
    await portal.stop(async () => {
      for (const jid of known) await api.cancel(jid).catch(() => {});
    });
  }
  const [mine, theirs] = [Math.round(median(took.ours)), Math.round(median(took.bare))];
  const all = (/** @type {number[]} */ times) => times.map(Math.round).join(" ");
  return [
    { name: "approve_to_running_ms", value: mine, unit: "ms", limit: null, peer: all(took.ours), command },
    { name: "bare_to_running_ms", value: theirs, unit: "ms", limit: null, peer: all(took.bare), command },
    { name: "approve_to_running_ratio", value: Math.round((100 * mine) / theirs) / 100, unit: "×", limit: null, peer: `a bare script: ${theirs} ms`, command },
  ];
}
