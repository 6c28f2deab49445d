// What stands on every page: the keys, the parts of `ui`, and lists that do not move under a reader.
import { axe, expect, people, signIn, test } from "../fixtures.ts";
import { AskPage } from "../pages/journey.ts";
import { Shell } from "../pages/shell.ts";

test("every part has no finding of axe, in both themes, both languages and on a phone", async ({ page }) => {
  const shell = new Shell(page);
  await signIn(page, people.operator);
  await page.goto("/components");
  await expect(shell.title).toBeVisible();
  await axe(page);
  await shell.useOtherTheme();
  await axe(page, { onlyContrast: true });
  await shell.useLanguage("zh");
  await page.setViewportSize({ width: 390, height: 844 });
  await axe(page);
  const wide = await page.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth);
  expect(wide, "the page scrolls sideways").toBe(false);
});

test("a question mark lists the keys, and single keys can be turned off", async ({ page }) => {
  const shell = new Shell(page);
  await signIn(page, people.approver);
  await page.keyboard.press("?");
  const list = page.getByRole("dialog", { name: "All keys" });
  await expect(list.getByText("Inbox").first()).toBeVisible();
  await axe(page);
  await page.keyboard.press("Escape");
  await expect(list).toBeHidden();

  await page.keyboard.press("g");
  await page.keyboard.press("l");
  await expect(page).toHaveURL(/\/lake$/);

  await page.goto("/me");
  await page.getByRole("group", { name: "Single keys" }).getByRole("button", { name: "Off" }).click();
  await page.reload();
  await expect(shell.title).toBeVisible();
  await page.keyboard.press("?");
  await page.keyboard.press("n");
  await expect(list).toBeHidden();
  await expect(page).toHaveURL(/\/me$/);
  await page.getByRole("button", { name: "All keys" }).click();
  await expect(list).toBeVisible();
});

test("a new request is announced in a list, not inserted", async ({ page, browser, lakegate }) => {
  const ask = async (shell: AskPage, tables: string[], title: string) => {
    await shell.select("billing", tables);
    await shell.submit(title, "To see a list.", "minutes");
    await expect(shell.title).toHaveText(title);
  };
  await signIn(page, people.requester);
  await ask(new AskPage(page), ["payment"], "The first");
  await page.goto("/requests");
  await expect(page.getByRole("link", { name: "The first" })).toBeVisible();

  const other = await (await browser.newContext({ baseURL: lakegate.url })).newPage();
  await signIn(other, people.requester);
  await ask(new AskPage(other), ["refund"], "The second");
  const fresh = page.getByRole("button", { name: "1 new, show" });
  await expect(fresh).toBeVisible();
  await expect(page.getByRole("link", { name: "The second" })).toHaveCount(0);
  await fresh.click();
  await expect(page.getByRole("link", { name: "The second" })).toBeVisible();
  await expect(fresh).toHaveCount(0);
});
