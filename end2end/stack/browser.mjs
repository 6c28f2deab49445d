// The journey on the real thing in the browser, by its own runner: `browser.spec.ts`.
import { spawnSync } from "node:child_process";
import { join } from "node:path";

/** @param {import("../stack.mjs").Stack} stack @returns {Promise<import("../bench.mjs").Figure[]>} */
export async function check(stack) {
  const env = { ...process.env, STACK_SAID: JSON.stringify({ ...stack, act: undefined }) };
  const args = ["--no-install", "playwright", "test", "--config", "stack/playwright.config.ts"];
  const { status } = spawnSync("npx", args, { cwd: join(import.meta.dirname, ".."), env, stdio: ["ignore", "inherit", "inherit"] });
  if (status !== 0) throw new Error("the browser's journey failed: see above");
  return [];
}
