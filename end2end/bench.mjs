// `make bench`: measures the released binary and page, prints a table, writes target/bench.json.
// Each module of `bench/` exports `measure()`, which starts what it needs and gives its figures; it is found by lying there.
// `ONLY=page make bench` runs one of them.
import { readdir, writeFile } from "node:fs/promises";

/**
 * @typedef {object} Figure
 * @property {string} name what was measured
 * @property {number} value
 * @property {string} unit
 * @property {number | null} limit the value must not be above it
 * @property {string | null} peer what a comparable product needs, where we know it
 * @property {string} command how to measure it again
 */

const modules = new URL("bench/", import.meta.url);
const names = (await readdir(modules)).filter((name) => name.endsWith(".mjs")).map((name) => name.slice(0, -4));
const only = process.env.ONLY;
/** @type {Figure[]} */
const figures = [];
let broken = 0;
for (const name of names.sort().filter((each) => !only || each === only)) {
  console.error(`measuring ${name}`);
  try {
    const { measure } = await import(new URL(`${name}.mjs`, modules).href);
    figures.push(...(await measure()));
  } catch (cause) {
    // One that breaks does not hide what the others measured.
    console.error(`cannot measure ${name}:`, cause);
    broken += 1;
  }
}
await writeFile(new URL("../target/bench.json", import.meta.url), `${JSON.stringify({ figures }, null, 2)}\n`);
console.table(Object.fromEntries(figures.map(({ name, value, unit, limit, peer }) => [name, { value, unit, limit, peer }])));
const over = figures.filter(({ value, limit }) => limit !== null && value > limit);
for (const { name, value, unit, limit } of over) console.error(`over its limit: ${name}, ${value} ${unit} of ${limit}`);
process.exitCode = over.length === 0 && broken === 0 ? 0 : 1;
