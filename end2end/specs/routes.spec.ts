// Routes: one is set up with its test beside it, and offered to requesters; what would move written tables is not there.
import { axe, expect, people, signIn, test } from "../fixtures.ts";
import { AskPage, RequestPage } from "../pages/journey.ts";
import { Shell } from "../pages/shell.ts";

test("a route is set up, tested, offered, and its names stay once a table goes by it", async ({ page, browser, lakegate }) => {
  const shell = new Shell(page);
  await signIn(page, people.operator);
  await shell.nav.getByRole("link", { name: "Routes" }).click();
  await expect(page.getByRole("row", { name: /lake/ })).toBeVisible();
  await axe(page);
  await page.getByRole("link", { name: "Set up a route" }).click();
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByText("This is needed.")).toBeVisible();
  await expect(page.getByText(/The route lake gives the same names/)).toBeVisible();
  await axe(page);
  await page.getByLabel("Name", { exact: true }).fill("warehouse");
  await page.getByLabel("Database in the lake").fill("dw_{source}");
  await page.getByLabel("Table in it").fill("{table}");
  await page.getByRole("button", { name: "Test", exact: true }).click();
  await expect(page.getByText(/becomes dw_lease_demo\./)).toBeVisible();
  await expect(page.getByText(/Tables of one name in two databases get one name/)).toBeVisible();
  await axe(page);
  await page.getByLabel("Table in it").fill("{database}_{table}");
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByRole("row", { name: /warehouse/ })).toBeVisible();

  const context = await browser.newContext({ baseURL: lakegate.url, locale: "en-GB" });
  const theirs = await context.newPage();
  await signIn(theirs, people.requester);
  const ask = new AskPage(theirs);
  await ask.select("billing", ["payment"]);
  await ask.submit("By lake", "To see the route.", "minutes");
  await expect(new RequestPage(theirs).title).toHaveText("By lake");

  await page.getByRole("link", { name: "lake", exact: true }).click();
  await expect(page.getByText("Tables are written by this route: engine and names stay.")).toBeVisible();
  await expect(page.getByLabel("Table in it")).toHaveCount(0);
  await shell.useLanguage("zh");
  await shell.useOtherTheme();
  await page.setViewportSize({ width: 390, height: 844 });
  await axe(page);
});
