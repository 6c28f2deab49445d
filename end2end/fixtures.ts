// What every spec starts from: a Lakegate of its own, people who sign in, and the accessibility check.
import AxeBuilder from "@axe-core/playwright";
import { type Page, test as base, expect } from "@playwright/test";

import { type Lakegate, people, startLakegate } from "./lakegate.mjs";
import { SignInPage } from "./pages/sign-in.ts";
import { type Server, startServer } from "./server.mjs";

export { expect, people };

type Fixtures = {
  /** The real binary with the demo's sample, on a free port; it ends with the test. */
  lakegate: Lakegate;
  /** A real MariaDB with an empty database; what the test makes there goes with it. */
  mariadb: Server;
  /** The same with MySQL, whose accounts sign in by caching_sha2. */
  mysql: Server;
};

export const test = base.extend<Fixtures>({
  lakegate: async ({}, use, info) => {
    const lakegate = await startLakegate();
    await use(lakegate);
    if (info.status !== info.expectedStatus) await info.attach("lakegate.log", { body: lakegate.log() });
    await lakegate.stop();
  },
  mariadb: async ({}, use) => lend("mariadb", use),
  mysql: async ({}, use) => lend("mysql", use),
  baseURL: async ({ lakegate }, use) => use(lakegate.url),
  page: async ({ page }, use) => {
    const broken = watch(page);
    await use(page);
    expect(broken, "the page broke").toEqual([]);
  },
});

async function lend(kind: "mariadb" | "mysql", use: (server: Server) => Promise<void>): Promise<void> {
  const server = await startServer(kind);
  await use(server);
  await server.stop();
}

/** Collects what no page may do: panic, or try what the Content-Security-Policy forbids. */
export function watch(page: Page): string[] {
  const broken: string[] = [];
  page.on("pageerror", (error) => broken.push(error.message));
  page.on("console", (line) => {
    const text = line.text();
    if (line.type() === "error" && /Content Security Policy|panicked/.test(text)) broken.push(text);
  });
  return broken;
}

/** Signs a person of the demo in, and waits for Home. */
export async function signIn(page: Page, who: string): Promise<void> {
  const signInPage = new SignInPage(page);
  await signInPage.open();
  await signInPage.signIn(who);
  await expect(page).not.toHaveURL(/\/sign-in/);
  // The address changes first; keys are heard from when the page around stands.
  await expect(page.getByRole("navigation").first()).toBeVisible();
}

/** Fails on any finding of axe. With `onlyContrast` for the second theme: nothing else changes with it. */
export async function axe(page: Page, { onlyContrast = false } = {}): Promise<void> {
  await settled(page);
  const look = new AxeBuilder({ page });
  const { violations } = await (onlyContrast ? look.withRules(["color-contrast"]) : look).analyze();
  const findings = violations.map(({ id, help, nodes }) => ({ id, help, at: nodes.map(({ html }) => html) }));
  expect(findings, "axe").toEqual([]);
}

/** Waits until colours on their way have arrived: half-way between two themes they have no contrast. */
async function settled(page: Page): Promise<void> {
  await page.evaluate(async () => {
    const moving = document.getAnimations().filter((each) => each instanceof CSSTransition);
    await Promise.allSettled(moving.map((each) => each.finished));
  });
}
