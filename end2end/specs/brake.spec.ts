// The operators' brake: pulled on one page, seen on every page it concerns, lifted again.
import { axe, expect, people, signIn, test, watch } from "../fixtures.ts";
import { AskPage, DecisionPage, RequestPage } from "../pages/journey.ts";
import { Shell } from "../pages/shell.ts";

test("new starts are stopped, everybody whom it concerns reads why, and they go on when it is lifted", async ({
  page,
  browser,
  lakegate,
}) => {
  const shell = new Shell(page);
  await signIn(page, people.operator);
  await page.goto("/sources");
  await expect(shell.title).toHaveText("Sources");
  await axe(page);
  await page.getByRole("button", { name: "Stop new starts" }).click();
  const form = page.getByRole("form", { name: "Stop new starts" });
  await form.getByRole("button", { name: "Stop new starts" }).click();
  await expect(form.getByText("This is needed.")).toBeVisible();
  await axe(page);
  await form.getByLabel("Why?").fill("磁盘扩容中");
  await form.getByRole("button", { name: "Stop new starts" }).click();
  await expect(page.getByText(/No new starts since \d\d:\d\d by 周敏, until it is lifted: 磁盘扩容中/)).toBeVisible();
  await expect(page.getByRole("row", { name: /lease-demo/ }).getByText("no new starts")).toBeVisible();
  await shell.useLanguage("zh");
  await shell.useOtherTheme();
  await axe(page);
  await page.setViewportSize({ width: 390, height: 844 });
  await axe(page);
  await page.setViewportSize({ width: 1280, height: 800 });
  await shell.useLanguage("en");

  const context = await browser.newContext({ baseURL: lakegate.url, locale: "en-GB" });
  const other = await context.newPage();
  const broken = watch(other);
  await signIn(other, people.requester);
  const ask = new AskPage(other);
  await ask.select("billing", ["payment"]);
  await ask.submit("Payments", "To see the brake.", "minutes");
  const approver = await (await browser.newContext({ baseURL: lakegate.url, locale: "en-GB" })).newPage();
  await signIn(approver, people.approver);
  await expect(approver.getByText(/No new starts since/)).toBeVisible();
  const decision = new DecisionPage(approver);
  await decision.open("Payments");
  await approver.getByRole("button", { name: /^Approve/ }).click();
  const request = new RequestPage(other);
  await expect(request.row("payment").getByText(/No new starts since \d\d:\d\d by 周敏/)).toBeVisible({ timeout: 20_000 });
  await axe(other);

  await page.goto("/");
  await page.getByRole("button", { name: "Allow new starts" }).click();
  await expect(page.getByText(/No new starts since/)).toHaveCount(0);
  await expect(request.row("payment").getByText("Ready")).toBeVisible({ timeout: 60_000 });
  await expect(other.getByText(/No new starts since/)).toHaveCount(0);
  expect(broken, "the requester's page broke").toEqual([]);
});
