// A source is retired: its tables are not found any more and it is said why; then it is brought back.
import { caller, source } from "../api.ts";
import { axe, expect, people, signIn, test } from "../fixtures.ts";
import { Shell } from "../pages/shell.ts";

test("a retired source offers nothing new, says so, and can be brought back", async ({ page, lakegate }) => {
  const shell = new Shell(page);
  await source(await caller(lakegate.url, people.operator));
  await signIn(page, people.operator);
  await page.goto("/sources");
  await page.getByRole("link", { name: "lease-demo" }).click();
  await expect(page.getByText("Nothing changed since it was first read.")).toBeVisible();
  await page.getByRole("button", { name: "Retire" }).click();
  const dialog = page.getByRole("dialog");
  await expect(dialog).toContainText("Waiting for a decision: 0");
  await axe(page);
  await dialog.getByRole("button", { name: "Retire" }).click();
  await expect(page.getByText(/retired this source at/).first()).toBeVisible();
  await axe(page);
  await page.goto("/catalogue");
  await expect(page.getByText("retired, not shown: lease-demo")).toBeVisible();
  await page.goto("/sources");
  await expect(page.getByRole("row", { name: /lease-demo/ }).getByText("retired", { exact: true })).toBeVisible();
  await page.getByRole("link", { name: "lease-demo" }).click();
  await shell.useLanguage("zh");
  await page.getByRole("button", { name: "恢复" }).click();
  await axe(page);
  await dialog.getByRole("button", { name: "恢复" }).click();
  await expect(page.getByText("数据源已恢复，正在读取目录")).toBeVisible();
  await page.goto("/catalogue");
  await expect(page.getByText(/已下线，不显示/)).toHaveCount(0);
});
