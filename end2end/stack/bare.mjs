// What a person with curl would do for three tables: upload, run, wait, stop. It is what our own way is held against
// (`approve_to_running_ratio`), and the proof that the real program takes the arguments that we build.
import assert from "node:assert/strict";

import { flink, until } from "./flink.mjs";
import { openShop, tables } from "./shop.mjs";

/**
 * The arguments of a daily job as `server/domain/src/args` writes them; their text is pinned there by
 * `tests/mod.rs`, `a_job_of_many_tables_is_told_everything_it_needs`.
 * @param {{ port: string, database: string }} shop @param {string} warehouse
 * @param {{ names?: string[], target?: string, ids?: string, prefix?: string, uid?: string, chunk?: number }} [more]
 */
export function argumentsOf(shop, warehouse, { names = tables, target = "ods", ids = "5401-5404", prefix = "ods_", uid = "bare", chunk = 8096 } = {}) {
  const conf = (/** @type {string} */ bucket, /** @type {string[]} */ settings) => settings.flatMap((setting) => [`--${bucket}`, setting]);
  return [
    ...["mysql_sync_database", "--warehouse", warehouse, "--database", target],
    ...["--including_tables", `^(${names.join("|")})$`, "--mode", "divided", "--table_prefix", prefix],
    ...["--type_mapping", "tinyint1-not-bool,to-nullable"],
    ...conf("mysql_conf", ["hostname=127.0.0.1", `port=${shop.port}`, "username=cdc", "password=cdc-secret", `database-name=${shop.database}`]),
    ...conf("mysql_conf", [`server-id=${ids}`, "server-time-zone=Asia/Shanghai", `scan.incremental.snapshot.chunk.size=${chunk}`]),
    // Without it Flink CDC 3.1.1 loses, in the first table of a job, what changes while it is being copied.
    ...conf("mysql_conf", ["scan.incremental.snapshot.backfill.skip=true"]),
    ...conf("table_conf", ["bucket=1", "changelog-producer=input", "cdc.log-corrupt-record=false", `sink.operator-uid.suffix=${uid}`]),
    ...conf("table_conf", ["tag.automatic-creation=process-time", "tag.creation-period=daily", "tag.num-retained-max=90"]),
  ];
}

/** @param {import("../stack.mjs").Stack} stack @returns {Promise<import("../bench.mjs").Figure[]>} */
export async function check(stack) {
  const api = flink(stack.flink);
  const shop = await openShop(stack.mariadb, "bare");
  const stop = shop.change();
  const jar = await api.upload();
  const begun = performance.now();
  const job = await api.run(jar, "bare", argumentsOf(shop, stack.warehouse));
  await api.running(job);
  const running = Math.round(performance.now() - begun);
  await api.checkpointed(job);
  const committed = Math.round(performance.now() - begun);

  const rounds = await stop();
  const differences = () => shop.differences(stack.warehouse, "ods", (table) => `ods_${table}`);
  // Checkpoints complete while tables are still being copied, so only the rows tell when all is there.
  await until(async () => (await differences()).length === 0, 120, 1000).catch(() => {});
  assert.deepEqual(await differences(), []);
  await api.stop(job, stack.savepoints);
  const { vertices } = await api.job(job);
  assert.deepEqual(vertices.map(({ name }) => name.split(" ")[2]).filter((_, at) => at > 0).sort(), tables.map((table) => `ods_${table}`).sort());
  const command = "make stack ONLY=bare";
  return [
    { name: "bare_run_to_running_ms", value: running, unit: "ms", limit: null, peer: null, command },
    { name: "bare_run_to_commit_ms", value: committed, unit: "ms", limit: null, peer: `${rounds} rounds of changes meanwhile`, command },
  ];
}
