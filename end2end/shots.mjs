// Screenshots of the real pages: `make shots PAGE=home`. One more page is one more line in `pages`.
// Writes target/shots/<page>-<width>-<theme>-<language>.png.
import { mkdir } from "node:fs/promises";

import { chromium as engine } from "@playwright/test";

import { chromium, password, people, startLakegate } from "./lakegate.mjs";
import { seed } from "./seed.mjs";

/**
 * @typedef {object} Shot
 * @property {string} [who] who is signed in; nobody, if left out
 * @property {string} path `{draft}` stands for the draft that the seed begins
 * @property {string} [follow] the first link of the page that starts so is followed, for pages with an id in their path
 */

/** @type {Record<string, Shot>} */
const pages = {
  "sign-in": { path: "/sign-in" },
  home: { who: people.requester, path: "/" },
  catalogue: { who: people.requester, path: "/catalogue" },
  "catalogue-found": { who: people.requester, path: "/catalogue?q=contract" },
  "new-request": { who: people.requester, path: "/requests/new" },
  "new-tables": { who: people.requester, path: "/requests/new/{draft}/tables?q=contract" },
  "new-paste": { who: people.requester, path: "/requests/new/{draft}/tables?by=paste" },
  "new-destination": { who: people.requester, path: "/requests/new/{draft}/destination" },
  "new-checks": { who: people.requester, path: "/requests/new/{draft}/checks" },
  "new-review": { who: people.requester, path: "/requests/new/{draft}/review" },
  me: { who: people.requester, path: "/me" },
  requests: { who: people.requester, path: "/requests" },
  request: { who: people.requester, path: "/requests", follow: "/requests/" },
  inbox: { who: people.approver, path: "/inbox" },
  decision: { who: people.approver, path: "/inbox", follow: "/inbox/" },
  lake: { who: people.requester, path: "/lake" },
  jobs: { who: people.operator, path: "/jobs" },
  job: { who: people.operator, path: "/jobs", follow: "/jobs/" },
  overview: { who: people.operator, path: "/overview" },
  sources: { who: people.operator, path: "/sources" },
  "source-new": { who: people.operator, path: "/sources/new" },
  source: { who: people.operator, path: "/sources", follow: "/sources/" },
  routes: { who: people.operator, path: "/routes" },
  route: { who: people.operator, path: "/routes", follow: "/routes/" },
  people: { who: people.operator, path: "/people" },
  person: { who: people.operator, path: "/people", follow: "/people/" },
  "lake-table": { who: people.requester, path: "/lake", follow: "/lake/" },
};

/** @typedef {{ width: number, theme: "light" | "dark", language: "en" | "zh" }} Look */

/** @type {Look[]} */
const usual = [
  { width: 1440, theme: "light", language: "en" },
  { width: 390, theme: "dark", language: "zh" },
];
/** @type {Look[]} */
const every = [360, 390, 1440, 2560].flatMap((width) =>
  /** @type {const} */ (["light", "dark"]).flatMap((theme) =>
    /** @type {const} */ (["en", "zh"]).map((language) => ({ width, theme, language })),
  ),
);

const wanted = process.argv.slice(2).flatMap((word) => word.split(","));
const names = wanted[0] === "all" ? Object.keys(pages) : wanted;
const unknown = names.filter((name) => !(name in pages));
if (names.length === 0 || unknown.length > 0) {
  console.error(`${unknown.length > 0 ? `no such page: ${unknown.join(", ")}. ` : ""}usage: make shots PAGE=<page>[,<page>…]`);
  console.error(`pages: all, ${Object.keys(pages).join(", ")}`);
  process.exit(2);
}

const folder = new URL("../target/shots/", import.meta.url);
await mkdir(folder, { recursive: true });
const lakegate = await startLakegate();
const { draft } = await seed(lakegate.url);
const browser = await engine.launch(chromium);
/** Who signed in once stays so: the session is kept for the next look. @type {Map<string, any>} */
const sessions = new Map();
let missing = 0;
try {
  for (const name of names) {
    for (const look of process.env.ALL ? every : usual) await shoot(name, look);
  }
} finally {
  await browser.close();
  await lakegate.stop();
}
process.exitCode = missing === 0 ? 0 : 1;

/** @param {string} name @param {Look} look */
async function shoot(name, look) {
  const { who, path, follow } = /** @type {Shot} */ (pages[name]);
  const context = await browser.newContext({
    baseURL: lakegate.url,
    viewport: { width: look.width, height: look.width < 720 ? 844 : 900 },
    deviceScaleFactor: look.width < 720 ? 2 : 1,
    hasTouch: look.width < 720,
    locale: look.language === "zh" ? "zh-CN" : "en-GB",
    timezoneId: "Asia/Shanghai",
    colorScheme: look.theme,
    reducedMotion: "reduce",
    storageState: who ? await sessionOf(who) : undefined,
  });
  await context.addCookies([{ name: "i18n_pref_locale", value: look.language, url: lakegate.url }]);
  const page = await context.newPage();
  try {
    await page.goto(path.replace("{draft}", draft));
    await page.getByRole("heading", { level: 1 }).waitFor({ timeout: 15_000 });
    if (follow) {
      await page.locator(`main a[href^="${follow}"]:not([href$="/new"])`).last().click({ timeout: 15_000 });
      await page.waitForURL((url) => url.pathname.startsWith(follow) && url.pathname.length > follow.length);
      await page.getByRole("heading", { level: 1 }).waitFor();
    }
    await page.evaluate(() => document.fonts.ready);
    await settled(page);
    const file = new URL(`${name}-${look.width}-${look.theme}-${look.language}.png`, folder);
    await page.screenshot({ path: file.pathname, fullPage: true });
    console.log(`target/shots/${file.pathname.split("/").at(-1)}`);
  } catch (cause) {
    missing += 1;
    console.error(`${name} at ${look.width}: ${cause instanceof Error ? cause.message.split("\n")[0] : cause}`);
  } finally {
    await context.close();
  }
}

/** Waits until the page has not changed for half a second; a live page is shot after five. @param {import("@playwright/test").Page} page */
async function settled(page) {
  await page.evaluate(
    () =>
      new Promise((resolve) => {
        const done = () => (watcher.disconnect(), resolve(undefined));
        let calm = setTimeout(done, 500);
        const watcher = new MutationObserver(() => {
          clearTimeout(calm);
          calm = setTimeout(done, 500);
        });
        watcher.observe(document.documentElement, { subtree: true, childList: true, attributes: true, characterData: true });
        setTimeout(done, 5_000);
      }),
  );
}

/** @param {string} who */
async function sessionOf(who) {
  const known = sessions.get(who);
  if (known) return known;
  const context = await browser.newContext({ baseURL: lakegate.url, locale: "en-GB" });
  const page = await context.newPage();
  await page.goto("/sign-in");
  await page.getByLabel("Name", { exact: true }).fill(who);
  await page.getByLabel("Password", { exact: true }).fill(password);
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  await page.waitForURL((url) => url.pathname !== "/sign-in");
  const session = await context.storageState();
  await context.close();
  sessions.set(who, session);
  return session;
}
