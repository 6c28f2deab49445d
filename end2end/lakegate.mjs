// Starts and stops the real binary, for a test, a screenshot or a measurement.
// Each start has a data folder of its own and a free port, so any number may run side by side.
import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** The people of the demo by what they do; all have the same password. */
export const people = { requester: "lin", approver: "chen", operator: "ops" };
export const password = "lakegate";

/** How to start Debian's Chromium on a machine without a screen, a sandbox or a network. */
export const chromium = {
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
  ],
};

const startLimit = 60_000;
const stopLimit = 15_000;

/**
 * @typedef {object} Lakegate
 * @property {string} url where it listens, without a slash at the end
 * @property {string} data its data folder
 * @property {number} pid its process
 * @property {() => string} log all it has printed
 * @property {(how?: { keep?: boolean }) => Promise<void>} stop ends it as a service manager would; fails when it must be killed; its data folder goes, unless it is kept
 */

/**
 * Starts `lakegate serve --demo` and waits until it listens.
 * @param {{ args?: string[], env?: Record<string, string>, data?: string, prepare?: (data: string) => void | Promise<void> }} [more]
 *   `prepare` is called with the data folder before the start; `data` is a folder that was kept
 * @returns {Promise<Lakegate>}
 */
export async function startLakegate({ args = [], env = {}, data: kept, prepare = () => {} } = {}) {
  const binary = process.env.LAKEGATE_BIN;
  if (!binary) throw new Error("LAKEGATE_BIN must name the binary; make sets it");
  const data = kept ?? (await mkdtemp(join(tmpdir(), "lakegate-")));
  await prepare(data);
  const child = spawn(binary, ["serve", "--demo", "--listen", "127.0.0.1:0", "--data", data, ...args], {
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let printed = "";
  const ended = new Promise((resolve) => child.once("exit", (code, signal) => resolve(signal ?? code)));
  const url = await new Promise((resolve, reject) => {
    const fail = (/** @type {string} */ why) => reject(new Error(`lakegate ${why}:\n${printed}`));
    const limit = setTimeout(() => fail(`did not listen within ${startLimit / 1000} s`), startLimit);
    const read = (/** @type {Buffer} */ chunk) => {
      printed += chunk;
      const listening = /listening on (http:\/\/[\d.]+:\d+)/.exec(printed);
      if (!listening) return;
      clearTimeout(limit);
      resolve(listening[1]);
    };
    child.stdout.on("data", read);
    child.stderr.on("data", read);
    child.once("error", (cause) => fail(`cannot be started (${cause.message})`));
    child.once("exit", (code) => fail(`ended with ${code} before it listened`));
  }).catch(async (cause) => {
    child.kill("SIGKILL");
    await rm(data, { recursive: true, force: true });
    throw cause;
  });

  const stop = async ({ keep = false } = {}) => {
    child.kill("SIGTERM");
    const killer = setTimeout(() => child.kill("SIGKILL"), stopLimit);
    const how = await ended;
    clearTimeout(killer);
    if (!keep) await rm(data, { recursive: true, force: true });
    if (how !== 0) throw new Error(`lakegate did not stop cleanly (${how}):\n${printed}`);
  };
  return { url, data, pid: child.pid ?? 0, log: () => printed, stop };
}
