// The journey on the real thing: three tables of a MariaDB are asked for and approved, stream into the lake by one Flink job while their
// rows keep changing, and are called ready; then whatever can die dies. In the end there is one job, and every row is equal.
import assert from "node:assert/strict";
import { join } from "node:path";

import { flink, until } from "./flink.mjs";
import { openPortal } from "./portal.mjs";
import { openShop, tables } from "./shop.mjs";

/** The cluster's jobs that are not over. @param {ReturnType<typeof flink>} api */
const live = async (api) => (await api.jobs()).filter(({ state }) => !["FINISHED", "CANCELED", "FAILED"].includes(state));

/** A column of each kind that a job takes; to be ready, our own reader must have read them. */
const kinds = `CREATE TABLE kinds (id bigint unsigned PRIMARY KEY, one tinyint(1), bit1 bit(1), bit8 bit(8), year_ year, time_ time, json_ json, picks set('a','b'),
    pick enum('x','y'), at3 timestamp(3) NULL, at6 timestamp(6) NULL, big decimal(20,0), wide decimal(40,2), bytes blob, half float, day date, words longtext);
  INSERT INTO kinds VALUES (18446744073709551615, 2, 1, 5, 2024, '23:59:59', '{"a": 1}', 'a,b', 'y', '2026-01-02 03:04:05.678', '2026-01-02 03:04:05.678901',
    99999999999999999999, 123.45, 'xyz', 1.5, '1900-01-01', '长');
  INSERT INTO kinds (id) VALUES (1)`;

/** @param {import("../stack.mjs").Stack} stack @returns {Promise<import("../bench.mjs").Figure[]>} */
export async function check(stack) {
  const api = flink(stack.flink);
  const shop = await openShop(stack.mariadb, "mall");
  await shop.sql(kinds);
  const portal = await openPortal(stack, shop);
  const equal = () => shop.differences(`file://${join(portal.data, "warehouse")}`, `live_${shop.database}`);
  const step = (/** @type {string} */ what) => console.error(`   ${new Date().toISOString().slice(11, 19)} ${what}`);
  let stop = async () => 0;
  try {
    await portal.addRoute(stack.flink);
    stop = shop.change();

    step("three tables in one job, ready while their rows change");
    const request = await portal.ask(tables);
    await portal.approve(request);
    const first = await until(async () => (await live(api))[0], 60);
    await portal.settles(request, ["ready"], 300);
    assert.equal((await live(api)).length, 1, "one job");

    step("a password that is wrong by now: told by its cause, nothing is started, and tried again it works");
    const late = await portal.ask(["kinds"]);
    await shop.sql("ALTER USER 'cdc'@'%' IDENTIFIED BY 'another'");
    await portal.approve(late);
    const [refused] = await portal.settles(late, ["failed"], 60);
    assert.equal(refused?.now.key, "cause.source_denied");
    assert.equal((await live(api)).length, 1, "nothing was started");
    await shop.sql("ALTER USER 'cdc'@'%' IDENTIFIED BY 'cdc-secret'");
    await portal.tryAgain(late);
    await portal.settles(late, ["ready"], 240);
    assert.equal((await live(api)).length, 2, "a job for each approval");

    step("the right to follow changes is taken away and the connections are cut: noted against each table, though its job says RUNNING");
    await shop.sql("REVOKE REPLICATION SLAVE ON *.* FROM 'cdc'@'%'");
    await shop.cut();
    const cutOff = async () => (await portal.troubles()).filter((trouble) => /REPLICATION SLAVE|cut_off/.test(trouble));
    await until(async () => (await cutOff()).length === tables.length + 1, 180, 1000);
    await shop.sql("GRANT REPLICATION SLAVE ON *.* TO 'cdc'@'%'");

    step("the job is cancelled behind our back");
    await api.cancel(first.jid);
    const second = await until(async () => (await live(api)).find(({ jid, name }) => name === first.name && jid !== first.jid), 120);
    await api.running(second.jid);

    step("the JobManager dies and comes back without its jobs");
    stack.act("kill-jobmanager");
    stack.act("start-jobmanager");
    const third = await until(async () => (await live(api)).find(({ name }) => name === first.name), 240);
    await api.running(third.jid);

    step("Lakegate dies while it starts a job again");
    await api.cancel(third.jid);
    const before = await portal.alive();
    await until(async () => (await portal.alive()).some((id) => !before.includes(id)), 120, 10);
    await portal.kill();
    await portal.again();
    await until(async () => (await live(api)).some(({ name }) => name === first.name), 120);

    const rounds = await stop();
    step(`every row is equal after ${rounds} rounds of changes, and the cluster's jobs are those that were written down`);
    await portal.settles(request, ["ready"], 240);
    await until(async () => (await equal()).length === 0, 120, 2000).catch(() => {});
    assert.deepEqual(await equal(), []);
    assert.deepEqual((await live(api)).map(({ jid }) => jid).sort(), await portal.alive());
    assert.equal((await live(api)).length, 2);
    return [];
  } finally {
    await stop();
    // It first: it would start them again.
    await portal.stop(async () => {
      for (const { jid } of await live(api)) await api.cancel(jid);
    });
  }
}
