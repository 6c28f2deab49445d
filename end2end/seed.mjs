// Fills a demo with a journey: one request decided and ready, one that waits for a decision.
// Speaks to the API as a browser would, so that screenshots show real states.
import { password, people } from "./lakegate.mjs";

/** Signs in over the API and gives a function that calls it. @param {string} url @param {string} login */
async function caller(url, login) {
  const answer = await fetch(`${url}/api/session`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ login, password }),
  });
  const cookie = answer.headers.getSetCookie().map((line) => line.split(";")[0]).join("; ");
  return async (/** @type {string} */ path, /** @type {unknown} */ body = undefined, /** @type {Record<string, string>} */ more = {}) => {
    const headers = { cookie, "content-type": "application/json", ...more };
    const response = await fetch(`${url}${path}`, body ? { method: "POST", headers, body: JSON.stringify(body) } : { headers });
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
    return response.json();
  };
}

/** Waits until `look` gives something. @template T @param {() => Promise<T | undefined>} look @returns {Promise<T>} */
async function until(look) {
  const end = Date.now() + 60_000;
  while (Date.now() < end) {
    const found = await look();
    if (found !== undefined) return found;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  throw new Error("the seed did not get there within a minute");
}

/** Gives the id of a draft that somebody left. @param {string} url */
export async function seed(url) {
  const [lin, chen] = await Promise.all([caller(url, people.requester), caller(url, people.approver)]);
  const source = await until(async () => (await lin("/api/choices")).sources.find((/** @type {any} */ it) => it.tables > 0));
  const all = (await lin("/api/tables?limit=200")).rows;
  const named = (/** @type {string[]} */ names) =>
    all
      .filter((/** @type {any} */ row) => names.includes(`${row.table.database}.${row.table.table}`))
      .map((/** @type {any} */ row) => ({ source: source.id, table: row.table }));
  const ask = (/** @type {string} */ key, /** @type {object} */ asked) =>
    lin("/api/requests", { route: "lake", tier: "minutes", ...asked }, { "idempotency-key": key });
  const first = await ask("seed-request-1", {
    title: "Lease and billing tables for the Q4 occupancy report",
    reason: "Occupancy and arrears by city for the Q4 board report.",
    tables: named(["billing.bill", "billing.deposit", "lease.check_in", "lease.contract", "lease.contract_main"]),
  });
  const card = (await chen(`/api/inbox/${first.row.id}`)).thing;
  const drop = [card.tables.at(-1).item.id];
  await chen(`/api/requests/${first.row.id}/decision`, { verdict: "approve", drop, comment: "历史数据保留在原处。" });
  await until(async () => {
    const { ready, ended } = (await lin(`/api/requests/${first.row.id}`)).thing.row.tally;
    return ready + ended === card.tables.length ? true : undefined;
  });
  const left = all.filter((/** @type {any} */ row) => row.table.database === "member").slice(0, 14);
  await ask("seed-request-2", {
    title: "会员积分与身份：流失预警模型",
    reason: "训练流失预警模型，需要积分流水、会员档案和最近两年的权益核销。结果只回写评分，不导出个人信息。",
    tier: "daily",
    tables: left.map((/** @type {any} */ row) => ({ source: source.id, table: row.table })),
  });
  const tables = [
    ...named(["lease.contract", "lease.contract_main", "lease.tenant", "lease.house", "billing.payment", "billing.refund"]),
    ...left.slice(0, 3).map((/** @type {any} */ row) => ({ source: source.id, table: row.table })),
    { source: source.id, table: { database: "lease", table: "contract_of_2019" } },
  ];
  const draft = {
    title: "Lease and billing tables for the Q4 occupancy report",
    reason: "四季度出租率报表，需要合同、租期、账单明细，按城市和门店汇总，替换手工导数。",
    route: "lake",
    tier: "minutes",
    keep_until: "2027-06-30",
    heir: "经营分析部",
    tables,
  };
  const { id } = await lin("/api/drafts", draft, { "idempotency-key": "seed-draft-1" });
  return { draft: id };
}
