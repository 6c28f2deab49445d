// People: somebody is added, sets a password by the link, and is let out again; the last operator stays.
import { axe, expect, people, signIn, test } from "../fixtures.ts";
import { Shell } from "../pages/shell.ts";
import { SignInPage } from "../pages/sign-in.ts";

test("a person is added, sets a password by the link, works, and is let out", async ({ page, browser, lakegate }) => {
  const shell = new Shell(page);
  await signIn(page, people.operator);
  await shell.nav.getByRole("link", { name: "People and teams" }).click();
  await expect(page.getByRole("row", { name: /林晓雯/ })).toBeVisible();
  await axe(page);
  await page.getByRole("link", { name: "Add a person" }).click();
  await page.getByRole("button", { name: "Add and make the link" }).click();
  await expect(page.getByText("This cannot be read.")).toBeVisible();
  await axe(page);
  await page.getByLabel("Sign-in name").fill("sun");
  await page.getByLabel("Name others see").fill("孙浩");
  await page.getByRole("textbox", { name: "Team" }).fill("数据库组");
  await page.getByRole("button", { name: "Add and make the link" }).click();
  const link = await page.getByText(/\/password#/).textContent();
  await axe(page);

  const context = await browser.newContext({ baseURL: lakegate.url, locale: "en-GB" });
  const theirs = await context.newPage();
  await theirs.goto(link ?? "");
  await theirs.getByRole("textbox", { name: "Password" }).fill("short");
  await theirs.getByRole("button", { name: "Set it and sign in" }).click();
  await expect(theirs.getByText("This is too short.")).toBeVisible();
  await axe(theirs);
  await theirs.getByRole("textbox", { name: "Password" }).fill("a password of my own");
  await theirs.getByRole("button", { name: "Set it and sign in" }).click();
  await expect(theirs.getByRole("heading", { level: 1 })).toContainText("孙浩");

  await page.goto("/people");
  await page.getByRole("button", { name: "数据库组 1" }).click();
  await expect(page.getByRole("rowheader")).toHaveCount(1);
  const name = page.getByRole("textbox", { name: "Rename 数据库组" });
  await name.fill("租赁技术部");
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByText("Another team has this name", { exact: false })).toBeVisible();
  await axe(page);
  await name.fill("DBA");
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByRole("button", { name: "DBA 1" })).toHaveAttribute("aria-pressed", "true");
  await page.getByRole("link", { name: "孙浩" }).click();
  await page.getByLabel(/may not sign in any more/).check();
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByRole("row", { name: /孙浩/ }).getByText("may not sign in")).toBeVisible();
  const out = new SignInPage(theirs);
  await expect(theirs, "whose right ended is out at once").toHaveURL(/\/sign-in/);
  await out.name.waitFor();
  await out.signIn("sun", "a password of my own");
  await expect(out.problem).toBeVisible();

  await page.goto("/people");
  await page.getByRole("row").getByRole("link", { name: "周敏" }).click();
  await page.getByLabel(/operates Lakegate/).uncheck();
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByText(/Nobody would operate Lakegate any more/)).toBeVisible();
  await shell.useLanguage("zh");
  await shell.useOtherTheme();
  await page.setViewportSize({ width: 390, height: 844 });
  await axe(page);
  await page.goto("/people");
  await expect(page.getByRole("row", { name: /周敏/ })).toBeVisible();
  await axe(page);
});
