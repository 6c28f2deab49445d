// How much a browser loads, how large the binary is, how soon the first page stands.
import { readdir, stat } from "node:fs/promises";

import { chromium as engine } from "@playwright/test";

import { figuresOf } from "../figures.mjs";
import { chromium, startLakegate } from "../lakegate.mjs";

const figure = figuresOf("make bench ONLY=page");
const assets = new URL("../../target/page-release/assets/", import.meta.url);

/** @returns {Promise<import("../bench.mjs").Figure>} */
async function pageSize() {
  const files = (await readdir(assets)).filter((name) => /\.(wasm|js|css)\.br$|^words-en-.*\.br$/.test(name));
  const sizes = await Promise.all(files.map(async (name) => (await stat(new URL(name, assets))).size));
  const sum = sizes.reduce((all, size) => all + size, 0);
  return figure("page, all a browser loads, brotli", Math.ceil(sum / 1024), "KB", 350);
}

/** @returns {Promise<import("../bench.mjs").Figure>} */
async function binarySize() {
  const { size } = await stat(process.env.LAKEGATE_BIN ?? "");
  return figure("binary, page included", Math.ceil(size / 1024 / 1024), "MB");
}

/** @returns {Promise<import("../bench.mjs").Figure[]>} */
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
      figure("first start of the demo, sample included", Math.round(listening), "ms"),
      figure("sign-in shown in a fresh browser", Math.round(shown), "ms", 2000),
    ];
  } finally {
    await browser.close();
    await lakegate.stop();
  }
}

/** @returns {Promise<import("../bench.mjs").Figure[]>} */
export async function measure() {
  return [await pageSize(), await binarySize(), ...(await firstStart())];
}
