// The catalogue: found while one types, narrowed by what is counted, kept in the address, chosen by keys; and Ctrl K.
import { axe, expect, people, signIn, test } from "../fixtures.ts";
import { CataloguePage } from "../pages/catalogue.ts";

test("a table is found by its name, its comment and its columns, and the address keeps how", async ({ page }) => {
  const catalogue = new CataloguePage(page);
  await signIn(page, people.requester);
  await catalogue.open();
  await expect(catalogue.matching).toHaveText(/^\d+ tables match$/);
  await axe(page);

  await catalogue.search("lease.contract_clause");
  await expect(catalogue.matching).toHaveText("1 table matches");
  await expect(catalogue.row("contract_clause")).toBeVisible();
  await expect(page.getByText(/^1 to 1 of 1 · [\d.]+ ms$/)).toBeVisible();

  await catalogue.search("合同");
  await expect(catalogue.matching).not.toHaveText("1 table matches");
  await expect(catalogue.row("contract_clause")).toBeVisible();
  await catalogue.facet("lease-demo").click();
  await expect(page).toHaveURL(/source=/);
  await catalogue.facet("lease", "exact").click();
  await catalogue.facet("Not yet").click();
  await expect(page).toHaveURL(/q=.*source=.*db=lease.*lake=no/);
  const counted = await catalogue.matching.textContent();
  await page.reload();
  await expect(catalogue.matching).toHaveText(counted ?? "");
  await expect(catalogue.facet("Not yet")).toHaveAttribute("aria-pressed", "true");
  await axe(page);
  await page.goBack();
  await expect(page).not.toHaveURL(/lake=no/);

  await catalogue.search("nothing is called like this");
  await page.getByRole("button", { name: "Drop the search" }).click();
  await expect(page).toHaveURL(/\/catalogue$/);
  await expect(catalogue.matching).toHaveText(/^\d+ tables match$/);
});

test("rows are walked, ticked and opened by keys", async ({ page }) => {
  const catalogue = new CataloguePage(page);
  await signIn(page, people.requester);
  await catalogue.open();
  await catalogue.search("billing.");
  await expect(page.getByRole("row").nth(3)).toBeVisible();
  await page.keyboard.press("Tab");
  await page.evaluate(() => (document.activeElement as HTMLElement).blur());
  await page.keyboard.press("j");
  await page.keyboard.press("x");
  await expect(page.getByText("1 table selected")).toBeVisible();
  await page.keyboard.press("j");
  await page.keyboard.press("j");
  await page.keyboard.press("Shift+X");
  await expect(page.getByText("3 tables selected")).toBeVisible();
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/open=/);
  await expect(page.getByRole("complementary", { name: /^billing\./ }).getByRole("heading", { name: "Columns" })).toBeVisible();
  await axe(page);
  await page.keyboard.press("Escape");
  await expect(page).not.toHaveURL(/open=/);
  await page.keyboard.press("Escape");
  await expect(page.getByText("3 tables selected")).toBeHidden();
});

test("the owner has a source read again, and a table that is new is found", async ({ page }) => {
  const catalogue = new CataloguePage(page);
  await signIn(page, people.approver);
  await catalogue.open();
  await page.getByRole("button", { name: "Read lease-demo again" }).click();
  await expect(page.getByText(/^lease-demo is being read/).or(page.getByRole("button", { name: "Read lease-demo again" })).first()).toBeVisible();
  await expect(page.getByRole("button", { name: "Read lease-demo again" })).toBeVisible();
});

test("Ctrl K finds tables and requests, and keys choose", async ({ page }) => {
  await signIn(page, people.requester);
  await page.keyboard.press("Control+k");
  const palette = page.getByRole("combobox", { name: "Find anything" });
  await expect(palette).toBeFocused();
  await palette.fill("contract");
  await expect(page.getByRole("option").first()).toHaveAttribute("aria-selected", "true");
  await axe(page);
  await palette.press("ArrowDown");
  await expect(page.getByRole("option").nth(1)).toHaveAttribute("aria-selected", "true");
  const second = (await page.getByRole("option").nth(1).locator(".mono").textContent()) ?? "";
  await palette.press("Enter");
  await expect(page).toHaveURL(/\/catalogue\?q=contract&open=/);
  await expect(page.getByRole("complementary", { name: second })).toBeVisible();
  await page.keyboard.press("Control+k");
  await page.keyboard.press("Escape");
  await expect(palette).toBeHidden();
});

test("in Chinese, in the dark and on a phone nothing is missing", async ({ page }) => {
  const catalogue = new CataloguePage(page);
  await signIn(page, people.requester);
  await catalogue.open();
  await catalogue.useLanguage("zh");
  await catalogue.useOtherTheme();
  await axe(page, { onlyContrast: true });
  await page.setViewportSize({ width: 390, height: 844 });
  await page.getByRole("button", { name: "筛选" }).click();
  await expect(page.getByText("可否复制")).toBeVisible();
  await axe(page);
  const wide = await page.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth);
  expect(wide, "the page scrolls sideways").toBe(false);
});
