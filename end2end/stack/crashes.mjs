// Whatever dies between two systems: Lakegate is killed before and after each call that starts a job, or the answer is lost, or a proxy in
// between answers nonsense. A table a round; in the end each job exists once, and each table is equal.
import { createServer, request as ask } from "node:http";
import { join } from "node:path";

import { flink, until } from "./flink.mjs";
import { openPortal } from "./portal.mjs";
import { openShop, readTable } from "./shop.mjs";

/** @typedef {"before" | "after" | "lost" | "html"} Fault what happens at the call: we die before it, or after it; its answer is lost, or is a page */
/** @type {{ call: RegExp, fault: Fault }[]} */
const rounds = [
  { call: /\/jars\/upload$/, fault: "before" },
  { call: /\/jars\/upload$/, fault: "after" },
  { call: /\/jars\/[^/]+\/run$/, fault: "before" },
  { call: /\/jars\/[^/]+\/run$/, fault: "after" },
  { call: /\/jars\/[^/]+\/run$/, fault: "lost" },
  { call: /\/jars\/[^/]+\/run$/, fault: "html" },
];
const name = (/** @type {number} */ round) => `round_${round}`;

/** Stands between Lakegate and the cluster. @param {string} target @param {() => Promise<unknown>} die */
async function between(target, die) {
  /** @type {{ call: RegExp, fault: Fault } | undefined} */
  let armed;
  let over = false;
  const server = createServer(async (from, to) => {
    const struck = armed && from.method === "POST" && armed.call.test(from.url ?? "") ? armed.fault : undefined;
    if (struck) armed = undefined;
    if (struck === "html") to.writeHead(502, { "content-type": "text/html" }).end("<h1>Bad gateway</h1>");
    if (struck === "before") await die();
    if (struck === "html" || struck === "before") return void (over = true);
    const on = ask(`${target}${from.url}`, { method: from.method, headers: from.headers }, async (answer) => {
      if (struck === "after") await die();
      if (struck) {
        answer.resume();
        to.destroy();
        return void (over = true);
      }
      to.writeHead(answer.statusCode ?? 500, answer.headers);
      answer.pipe(to);
    });
    on.on("error", () => to.destroy());
    from.pipe(on);
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(undefined)));
  const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
  return {
    url: `http://127.0.0.1:${port}`,
    arm: (/** @type {{ call: RegExp, fault: Fault }} */ fault) => void ([armed, over] = [fault, false]),
    struck: () => over,
    close: () => (server.closeAllConnections(), server.close()),
  };
}

/** @param {import("../stack.mjs").Stack} stack @returns {Promise<import("../bench.mjs").Figure[]>} */
export async function check(stack) {
  const api = flink(stack.flink);
  const shop = await openShop(stack.mariadb, "fair");
  for (const round of rounds.keys()) {
    await shop.sql(`CREATE TABLE ${name(round)} (id int PRIMARY KEY, v varchar(20)); INSERT INTO ${name(round)} SELECT seq, concat('v', seq) FROM seq_1_to_100`);
  }
  const portal = await openPortal(stack, shop);
  const live = async () => (await api.jobs()).filter((job) => job.name.startsWith("lg-") && !["FINISHED", "CANCELED", "FAILED"].includes(job.state));
  const proxy = await between(stack.flink, () => portal.kill());
  try {
    await portal.addRoute(proxy.url);
    for (const [round, fault] of rounds.entries()) {
      const of = await portal.ask([name(round)]);
      if (fault.call.test("/jars/upload")) await api.forgetJars();
      proxy.arm(fault);
      await portal.approve(of).catch(() => {});
      await until(async () => proxy.struck(), 60, 10);
      if (fault.fault === "before" || fault.fault === "after") await portal.again();
      const job = await until(async () => (await live())[round], 120);
      await api.running(job.jid);
      console.error(`   ${fault.fault} ${fault.call}: one job`);
    }
    const warehouse = `file://${join(portal.data, "warehouse")}`;
    for (const round of rounds.keys()) {
      const rows = async () => (await readTable(warehouse, `live_${shop.database}`, name(round)).catch(() => [])).length;
      await until(async () => (await rows()) === 100, 120, 1000);
    }
    const [jobs, believed] = [await live(), await portal.alive()];
    const doubled = jobs.length - new Set(jobs.map((job) => job.name)).size;
    const orphaned = jobs.filter(({ jid }) => !believed.includes(jid)).length;
    const lost = believed.filter((id) => !jobs.some(({ jid }) => jid === id)).length + rounds.length - jobs.length + doubled;
    const peer = `${rounds.length} deaths and lost answers: ${doubled} doubled, ${orphaned} orphaned, ${lost} lost`;
    return [{ name: "stack_doubled_orphaned_lost", value: doubled + orphaned + lost, unit: "jobs", limit: 0, peer, command: "make stack ONLY=crashes" }];
  } finally {
    await portal.stop(async () => {
      for (const { jid } of await live()) await api.cancel(jid);
    });
    proxy.close();
  }
}
