// `make stack`: the real MariaDB, Flink and Paimon, in a folder of the run's own, and what must hold on them. Prints a table, writes
// target/stack.json. Each module named below exports `check()`, which fails or gives figures.
// `ONLY=bare make stack` runs one of them; with `STACK=DIR` it takes a stack that `.ci/stack.sh start DIR` brought up, and leaves it.
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/**
 * @typedef {object} Stack
 * @property {string} folder
 * @property {string} mariadb its URL, as its administrator
 * @property {string} flink
 * @property {string} warehouse
 * @property {string} savepoints
 * @property {(verb: string) => string} act what `.ci/stack.sh VERB` does and prints
 */

const parts = ["bare", "speed", "journey", "crashes", "browser"];
const script = join(import.meta.dirname, "../.ci/stack.sh");

/** @param {string} folder @returns {Stack} */
function bringUp(folder) {
  const act = (/** @type {string} */ verb) => execFileSync(script, [verb, folder], { encoding: "utf8" });
  const said = Object.fromEntries(act("start").trim().split("\n").map((line) => line.split(/=(.*)/s)));
  return { folder, act, mariadb: said.MARIADB_URL, flink: said.FLINK_URL, warehouse: said.WAREHOUSE, savepoints: said.SAVEPOINTS };
}

const given = process.env.STACK;
const folder = given ?? (await mkdtemp(join(tmpdir(), "lakegate-stack-")));
const tearDown = () => {
  if (!given && existsSync(folder)) execFileSync(script, ["stop", folder]);
};
for (const signal of ["SIGINT", "SIGTERM"]) {
  process.once(signal, () => {
    tearDown();
    process.exit(1);
  });
}

/** @type {import("./bench.mjs").Figure[]} */
const figures = [];
/** @type {string[]} */
const broken = [];
let passed = 0;
try {
  const begun = Date.now();
  const stack = bringUp(folder);
  console.error(`── stack: ${stack.flink}, ${stack.mariadb}, ${Math.round((Date.now() - begun) / 1000)} s`);
  for (const part of parts.filter((each) => !process.env.ONLY || each === process.env.ONLY)) {
    const from = Date.now();
    try {
      const { check } = await import(new URL(`stack/${part}.mjs`, import.meta.url).href);
      figures.push(...(await check(stack)));
      passed += 1;
    } catch (cause) {
      // One that breaks does not hide what the others find.
      console.error(cause);
      broken.push(part);
    }
    console.error(`── ${part}: ${broken.includes(part) ? "failed" : "passed"}, ${Math.round((Date.now() - from) / 1000)} s`);
  }
} finally {
  tearDown();
}
await mkdir(new URL("../target/", import.meta.url), { recursive: true });
await writeFile(new URL("../target/stack.json", import.meta.url), `${JSON.stringify({ figures }, null, 2)}\n`);
console.table(Object.fromEntries(figures.map(({ name, value, unit, limit, peer }) => [name, { value, unit, limit, peer }])));
const over = figures.filter(({ value, limit }) => limit !== null && value > limit).map(({ name }) => name);
if (broken.length + over.length > 0) console.error(`failed: ${[...broken, ...over].join(", ")}`);
console.log(`stack: ${passed} passed, ${broken.length + over.length} failed`);
process.exitCode = broken.length + over.length === 0 ? 0 : 1;
