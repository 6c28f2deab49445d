// How much a browser loads, how large the binary is, how soon the first page stands.
import { readdir, stat } from "node:fs/promises";

import { chromium as engine } from "@playwright/test";

import { chromium, startLakegate } from "../lakegate.mjs";

const command = "make bench ONLY=page";
const assets = new URL("../../target/page-release/assets/", import.meta.url);

/** @returns {Promise<import("../bench.mjs").Figure>} */
async function pageSize() {
  const files = (await readdir(assets)).filter((name) => /\.(wasm|js|css)\.br$|^words-en-.*\.br$/.test(name));
  const sizes = await Promise.all(files.map(async (name) => (await stat(new URL(name, assets))).size));
  const sum = sizes.reduce((all, size) => all + size, 0);
  return { name: "page, all a browser loads, brotli", value: Math.ceil(sum / 1024), unit: "KB", limit: 350, peer: null, command };
}

/** @returns {Promise<import("../bench.mjs").Figure>} */
async function binarySize() {
  const { size } = await stat(process.env.LAKEGATE_BIN ?? "");
  return { name: "binary, page included", value: Math.ceil(size / 1024 / 1024), unit: "MB", limit: null, peer: null, command };
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
      { name: "first start of the demo, sample included", value: Math.round(listening), unit: "ms", limit: null, peer: null, command },
      { name: "sign-in shown in a fresh browser", value: Math.round(shown), unit: "ms", limit: 2000, peer: null, command },
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
