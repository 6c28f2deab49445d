// The released page, as `make build` puts it into the binary: shrunk wasm that nobody else runs here. It must start.
import { readFile } from "node:fs/promises";
import { extname, join } from "node:path";

import { expect, test } from "@playwright/test";

const types: Record<string, string> = {
  ".html": "text/html",
  ".js": "text/javascript",
  ".css": "text/css",
  ".svg": "image/svg+xml",
  ".txt": "text/plain; charset=utf-8",
  ".wasm": "application/wasm",
};

test("the released page starts", async ({ browser }) => {
  const folder = process.env.LAKEGATE_PAGE_RELEASE;
  if (!folder) throw new Error("LAKEGATE_PAGE_RELEASE must name the released page; make sets it");
  const page = await (await browser.newContext()).newPage();
  const broken: string[] = [];
  page.on("pageerror", (error) => broken.push(error.message));
  await page.route("http://lakegate.test/**", async (route) => {
    const { pathname } = new URL(route.request().url());
    if (pathname.startsWith("/api/")) {
      const gate = { demo: false, people: [], empty: false, version: "" };
      const known = pathname === "/api/session";
      return route.fulfill({ status: known ? 200 : 401, contentType: "application/json", body: JSON.stringify(gate) });
    }
    const name = extname(pathname) ? pathname : "/index.html";
    await route.fulfill({ body: await readFile(join(folder, name)), contentType: types[extname(name)] });
  });
  await page.goto("http://lakegate.test/sign-in");
  await expect(page.getByRole("heading", { level: 1, name: /^(Sign in|登录)$/ })).toBeVisible();
  await expect(page.getByRole("button", { name: /^(Sign in|登录)$/ })).toBeEnabled();
  expect(broken).toEqual([]);
});
