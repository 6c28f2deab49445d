// Sources: one is typed, tested, saved with what the test found, mended, and read; its owner reads it.
import { axe, expect, people, signIn, test } from "../fixtures.ts";
import { Shell } from "../pages/shell.ts";
import { SourcePage } from "../pages/source.ts";

test("a source is added with its findings, marked, mended, and read by its owner", async ({ page, browser, lakegate }) => {
  const shell = new Shell(page);
  await signIn(page, people.operator);
  await page.goto("/sources");
  await page.getByRole("link", { name: "Add a source" }).click();
  await page.getByRole("button", { name: "Save source" }).click();
  await expect(page.getByText("This is needed.").first()).toBeVisible();
  await axe(page);
  await page.getByLabel("Name", { exact: true }).fill("files");
  await page.getByLabel("Host").fill("127.0.0.1");
  await page.getByLabel("Port").fill("1");
  await page.getByLabel("Account that reads the catalogue").fill("reader");
  await page.getByLabel("Password", { exact: true }).fill("a secret");
  await page.getByLabel(/Database administrator/).fill("孙浩");
  await page.getByRole("button", { name: "Test", exact: true }).click();
  await expect(page.getByText("127.0.0.1 is there, but nothing listens on port 1.")).toBeVisible({ timeout: 20_000 });
  await expect(page.getByRole("button", { name: /Send (it|all \d+) to 孙浩/ })).toBeVisible();
  await axe(page);
  await page.getByLabel("Kind").selectOption("sqlite");
  await page.getByLabel("Folder").fill("nowhere");
  await page.getByLabel("陈建国").check();
  await page.getByRole("button", { name: "Save source" }).click();
  await expect(page.getByRole("row", { name: /files/ }).getByText("1 to fix")).toBeVisible();
  await page.getByRole("link", { name: "files" }).click();
  await page.getByLabel("Folder").fill("sample");
  await page.getByRole("button", { name: "Save source" }).click();
  await expect(page.getByRole("row", { name: /files/ }).getByText("1 to fix")).toHaveCount(0);

  const context = await browser.newContext({ baseURL: lakegate.url, locale: "en-GB" });
  const owner = await context.newPage();
  await signIn(owner, people.approver);
  await owner.goto("/sources");
  await owner.getByRole("link", { name: "files" }).click();
  await expect(owner.getByRole("button", { name: "Save source" })).toHaveCount(0);
  await axe(owner);

  await page.getByRole("link", { name: "files" }).click();
  await shell.useLanguage("zh");
  await shell.useOtherTheme();
  await page.setViewportSize({ width: 390, height: 844 });
  await axe(page);
});

test("a MySQL is tested and added: its seal, its accounts, its rights", async ({ page, mysql }) => {
  await mysql.sql("CREATE TABLE contract (id int PRIMARY KEY); CREATE TABLE payment (id int PRIMARY KEY)");
  const reader = await mysql.account("reader", "one");
  const source = new SourcePage(page);
  await signIn(page, people.operator);
  await source.add();
  await source.describe("mall", mysql, reader, "");
  await source.passwords("not it", "");
  await source.test();
  await expect(source.found.getByText(`Name or password of ${reader} (for the catalogue) is wrong.`)).toBeVisible();
  await expect(source.found.getByText(`ALTER USER '${reader}'@'%' IDENTIFIED BY '…';`).first()).toBeVisible();
  await source.passwords("one", "");
  await source.test();
  await expect(source.found.getByText("2 tables in 1 databases can be read.")).toBeVisible();
  await expect(source.found.getByText(/The connection is encrypted \(TLSv1\.[23]\)\./)).toBeVisible();
  // It cannot follow changes yet; that is for later, and the right to copy stands beside it.
  const changes = source.found.getByRole("listitem").filter({ hasText: "GRANT REPLICATION SLAVE" });
  await expect(changes).toContainText(`TO '${reader}'@'%';`);
  await axe(page);
  await source.save("mall", 2);
});
