// A new request is written: four steps in the address, the draft at the server, lists, checks, two tabs.
import { axe, expect, people, signIn, test, watch } from "../fixtures.ts";
import { NewRequestPage } from "../pages/new-request.ts";

test("a draft outlives a reload and another browser, and two tabs lose nothing", async ({ page, browser, lakegate }) => {
  await signIn(page, people.requester);
  const draft = new NewRequestPage(page);
  await draft.begin();
  await axe(page);
  await page.getByRole("searchbox").fill("billing.payment");
  await page.getByRole("checkbox", { name: "Select payment", exact: true }).check();
  await draft.picked(1);
  await draft.next();
  await page.getByLabel("What do you need it for?").fill("Arrears by city.");
  await expect(draft.saved).toBeVisible();
  await page.reload();
  await expect(page.getByLabel("What do you need it for?")).toHaveValue("Arrears by city.");
  await axe(page);

  const elsewhere = await browser.newContext({ baseURL: lakegate.url, locale: "en-GB" });
  const other = await elsewhere.newPage();
  const broken = watch(other);
  await signIn(other, people.requester);
  await other.goto("/");
  await other.getByRole("listitem").filter({ hasText: "Draft" }).getByRole("link", { name: "Go on" }).click();
  const same = new NewRequestPage(other);
  await same.picked(1);
  await other.getByRole("searchbox").fill("billing.refund");
  await other.getByRole("checkbox", { name: "Select refund", exact: true }).check();
  await same.picked(2);

  await page.getByLabel("What do you need it for?").fill("Arrears by city and month.");
  const moved = page.getByRole("alert").filter({ hasText: "changed in another tab" });
  await expect(moved).toBeVisible();
  await axe(page);
  await page.getByRole("button", { name: "Show the other one" }).click();
  await expect(moved).toHaveCount(0);
  await expect(page.getByText("2 picked")).toBeVisible();
  await other.getByRole("button", { name: "Discard" }).click();
  await other.getByRole("dialog").getByRole("button", { name: "Discard" }).click();
  await expect(other).toHaveURL((url) => url.pathname === "/");
  await expect(other.getByRole("link", { name: "Go on" })).toHaveCount(0);
  expect(broken, "the other page broke").toEqual([]);
  await elsewhere.close();
});

test("a pasted list has a result for each line, a pattern finds all, a file is read", async ({ page }) => {
  await signIn(page, people.requester);
  const draft = new NewRequestPage(page);
  await draft.begin();
  await draft.paste("billing.payment\n`billing`.`refund`\nbilling.paymant\nbilling.payment\n../nothing\nlease.contract");
  await draft.picked(3);
  await expect(draft.line("billing.paymant")).toContainText("Did you mean");
  await expect(draft.line("../nothing")).toContainText("cannot be read");
  await axe(page);
  await draft.way("Pattern");
  await page.getByLabel("Names like").fill("billing.*");
  await page.getByRole("button", { name: "Find", exact: true }).click();
  await page.getByRole("button", { name: /^Pick all \d+$/ }).click();
  await expect(draft.cart.getByRole("heading", { level: 2 })).not.toHaveText("3 picked");
  await draft.way("Upload CSV");
  const csv = Buffer.from("source,database,table\nlease-demo,member,member_profile\nlease-demo,member,no_such_thing\n");
  await page.getByLabel("CSV file").setInputFiles({ name: "tables.csv", mimeType: "text/csv", buffer: csv });
  await expect(page.getByText("no_such_thing").first()).toBeVisible();
  await axe(page);
});

test("what is missing is said where it stands, and Ctrl Enter signs", async ({ page }) => {
  await signIn(page, people.requester);
  const draft = new NewRequestPage(page);
  await draft.select("billing", ["payment", "refund"]);
  await page.getByRole("link", { name: /^Request 2 tables/ }).click();
  await draft.next();
  await expect(page.getByText(/of 2 tables can be copied/)).toBeVisible();
  await axe(page);
  await draft.next();
  await page.getByRole("button", { name: "Submit 2 tables" }).click();
  await expect(page.locator("#reason")).toBeFocused();
  await axe(page);
  await page.getByRole("link", { name: "Change: Why?" }).click();
  await page.getByLabel("What do you need it for?").fill("Arrears by city.");
  await draft.next();
  await draft.next();
  await page.keyboard.press("Control+Enter");
  await expect(page).toHaveURL(/\/requests\/[^/]+$/);
  await expect(page.getByText(/Waiting for 陈建国/).first()).toBeVisible();
});

test("what was sent back is changed, and the approver sees what changed", async ({ page, browser, lakegate }) => {
  await signIn(page, people.requester);
  const draft = new NewRequestPage(page);
  await draft.select("billing", ["payment", "refund"]);
  await draft.submit("Payments", "Arrears.", "daily");
  await expect(draft.title).toHaveText("Payments");

  const approver = await browser.newContext({ baseURL: lakegate.url, locale: "en-GB" });
  const other = await approver.newPage();
  await signIn(other, people.approver);
  await other.goto("/inbox");
  await other.getByRole("link", { name: "Payments" }).first().click();
  await other.getByRole("textbox", { name: /^Say/ }).fill("Without refunds.");
  await other.getByRole("button", { name: /^Send back/ }).click();
  await expect(other).toHaveURL((url) => url.pathname === "/inbox");

  await page.getByRole("button", { name: "Change and send again" }).click();
  await expect(page.getByText(/was sent back: “Without refunds\.”/)).toBeVisible();
  await page.getByRole("searchbox").fill("billing.refund");
  await page.getByRole("checkbox", { name: "Select refund", exact: true }).uncheck();
  await draft.picked(1);
  await draft.next();
  await draft.next();
  await draft.next();
  await page.getByRole("button", { name: "Submit 1 table" }).click();
  await expect(page.getByText(/Waiting for 陈建国/).first()).toBeVisible();

  await other.goto("/inbox");
  await other.getByRole("link", { name: "Payments" }).first().click();
  await expect(other.getByRole("heading", { name: "What changed since it was sent back" })).toBeVisible();
  await expect(other.getByText("billing.refund").first()).toBeVisible();
  await axe(other);
  await approver.close();
});
