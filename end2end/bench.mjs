// `make bench`: measures the released binary and page, prints a table, writes target/bench.json.
// One more figure is one more entry in `figures`; each names the command that repeats it.
import { readdir, stat, writeFile } from "node:fs/promises";

import { chromium as engine } from "@playwright/test";

import { chromium, startLakegate } from "./lakegate.mjs";

/**
 * @typedef {object} Figure
 * @property {string} name what was measured
 * @property {number} value
 * @property {string} unit
 * @property {number | null} limit the value must not be above it
 * @property {string | null} peer what a comparable product needs, where we know it
 * @property {string} command how to measure it again
 */

const command = "make bench";
const root = new URL("../", import.meta.url);

/** @returns {Promise<Figure>} */
async function pageSize() {
  const folder = new URL("target/page-release/assets/", root);
  const files = (await readdir(folder)).filter((name) => /\.(wasm|js|css)\.br$/.test(name));
  const sizes = await Promise.all(files.map(async (name) => (await stat(new URL(name, folder))).size));
  const sum = sizes.reduce((all, size) => all + size, 0);
  return { name: "page, all a browser loads, brotli", value: Math.ceil(sum / 1024), unit: "KB", limit: 350, peer: null, command };
}

/** @returns {Promise<Figure>} */
async function binarySize() {
  const { size } = await stat(process.env.LAKEGATE_BIN ?? "");
  return { name: "binary, page included", value: Math.ceil(size / 1024 / 1024), unit: "MB", limit: null, peer: null, command };
}

/** @returns {Promise<Figure[]>} */
async function firstStart() {
  const begun = performance.now();
  const lakegate = await startLakegate();
  const listening = performance.now() - begun;
  const browser = await engine.launch(chromium);
  try {
    const page = await browser.newPage();
    const asked = performance.now();
    await page.goto(`${lakegate.url}/sign-in`);
    await page.getByRole("heading", { level: 1 }).waitFor();
    const shown = performance.now() - asked;
    return [
      { name: "first start of the demo, sample included", value: Math.round(listening), unit: "ms", limit: null, peer: null, command },
      { name: "sign-in shown in a fresh browser", value: Math.round(shown), unit: "ms", limit: 2000, peer: null, command },
    ];
  } finally {
    await browser.close();
    await lakegate.stop();
  }
}

const figures = [await pageSize(), await binarySize(), ...(await firstStart())];
await writeFile(new URL("target/bench.json", root), `${JSON.stringify({ figures }, null, 2)}\n`);
console.table(Object.fromEntries(figures.map(({ name, value, unit, limit }) => [name, { value, unit, limit }])));
const over = figures.filter(({ value, limit }) => limit !== null && value > limit);
for (const { name, value, unit, limit } of over) console.error(`over its limit: ${name}, ${value} ${unit} of ${limit}`);
process.exitCode = over.length === 0 ? 0 : 1;
