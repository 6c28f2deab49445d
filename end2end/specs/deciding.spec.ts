// Deciding: two deciders at once, several requests at once, the second thought, an answer, and the right to read.
import type { Browser, Page } from "@playwright/test";

import { addPerson, ask, caller, source } from "../api.ts";
import { axe, expect, people, signIn, test, watch } from "../fixtures.ts";
import { DecisionPage, RequestPage } from "../pages/journey.ts";

/** Somebody else's browser; the test fails when its page breaks. */
async function other(browser: Browser, url: string, who: string): Promise<{ page: Page; close: () => Promise<void> }> {
  const context = await browser.newContext({ baseURL: url });
  const page = await context.newPage();
  const broken = watch(page);
  await signIn(page, who);
  return {
    page,
    close: async () => {
      expect(broken, `the page of ${who} broke`).toEqual([]);
      await context.close();
    },
  };
}

test("of two deciders one wins, and the other sees who looks and who was faster", async ({ page, browser, lakegate }) => {
  const lin = await caller(lakegate.url, people.requester);
  await addPerson(lakegate.url, { login: "zhao", name: "赵思远", team: "租赁技术部", owns: [await source(lin)] });
  const title = "Bills of the second quarter";
  await ask(lin, title, ["billing.bill_item"]);

  await signIn(page, people.approver);
  const first = new DecisionPage(page);
  await first.open(title);
  const second = await other(browser, lakegate.url, "zhao");
  await new DecisionPage(second.page).open(title);
  await expect(page.getByText("赵思远 is looking at this.")).toBeVisible();
  await expect(second.page.getByText("陈建国 is looking at this.")).toBeVisible();
  await axe(page);

  await page.getByRole("button", { name: /^Approve/ }).click();
  await expect(page).toHaveURL((url) => url.pathname === "/inbox");
  await expect(second.page.getByText("This is decided.")).toBeVisible();
  await expect(second.page.getByRole("button", { name: /^Approve/ })).toHaveCount(0);
  await second.close();
});

test("several requests are let in at once, and the approvals can be taken back", async ({ page, lakegate }) => {
  const lin = await caller(lakegate.url, people.requester);
  await ask(lin, "Payments", ["billing.payment"]);
  await ask(lin, "Refunds", ["billing.refund"]);
  await signIn(page, people.approver);
  await page.goto("/inbox");
  await expect(page.getByRole("link", { name: "Refunds" })).toBeVisible();
  await axe(page);
  await page.keyboard.press("j");
  await page.keyboard.press("x");
  await page.keyboard.press("j");
  await page.keyboard.press("Shift+X");
  const bar = page.getByRole("region", { name: "Selection" });
  await expect(bar).toContainText("2 requests, 2 tables");
  await expect(bar).toContainText("no personal data");
  await axe(page);
  await bar.getByRole("button", { name: /^Approve all 2/ }).click();
  await expect(page.getByText("2 requests approved")).toBeVisible();
  await expect(page.getByText("Nothing waits for your decision").first()).toBeVisible();
  await page.getByRole("button", { name: "Take back" }).click();
  await expect(page.getByText("The approvals are taken back")).toBeVisible();
  await expect(page.getByRole("link", { name: "Refunds" })).toBeVisible();

  await page.setViewportSize({ width: 390, height: 844 });
  await axe(page);
  // The link of the title lies over the whole row: the point is clicked, whatever is on top there.
  await page.getByText("“Occupancy by city.”").first().click({ force: true });
  await expect(page, "on a phone the whole row opens").toHaveURL(/\/inbox\/.+/);
  await axe(page);
});

test("what is sent back is answered, and the answer is read with it", async ({ page, browser, lakegate }) => {
  const title = "Contracts";
  await ask(await caller(lakegate.url, people.requester), title, ["lease.contract", "billing.payment"]);
  await signIn(page, people.approver);
  const card = new DecisionPage(page);
  await card.open(title);
  await card.untick("payment");
  await page.getByRole("button", { name: "send back instead" }).click();
  await card.comment.fill("What are the payments for?");
  await page.getByRole("button", { name: /^Approve 1 of 2/ }).click();
  await expect(page).toHaveURL((url) => url.pathname === "/inbox");

  const lin = await other(browser, lakegate.url, people.requester);
  await new RequestPage(lin.page).open(title);
  await expect(lin.page.getByText("What are the payments for?").first()).toBeVisible();
  await lin.page.getByLabel(/^Your answer/).fill("For the arrears.");
  await axe(lin.page);
  await lin.page.getByRole("button", { name: "Send again", exact: true }).click();

  await page.getByRole("link", { name: title }).click();
  await expect(page.getByText("“For the arrears.”")).toBeVisible();
  await expect(page.getByRole("row").filter({ hasText: "payment" }).getByRole("checkbox")).toBeChecked();
  await axe(page);
  await lin.close();
});

test("a table that others brought is asked for to read, and its rows open", async ({ page, browser, lakegate }) => {
  const lin = await caller(lakegate.url, people.requester);
  await addPerson(lakegate.url, { login: "ma", name: "马骏", team: "门店运营" });
  const brought = await ask(lin, "All refunds", ["billing.refund"]);
  const chen = await caller(lakegate.url, people.approver);
  await chen(`/api/requests/${brought}/decision`, { verdict: "approve" });
  const watching = await other(browser, lakegate.url, people.requester);
  await watching.page.goto(`/requests/${brought}`);
  await expect(new RequestPage(watching.page).row("refund").getByText("Ready")).toBeVisible({ timeout: 60_000 });
  await watching.close();

  await signIn(page, "ma");
  await page.goto("/catalogue?q=billing.refund");
  await page.getByRole("button", { name: "Ask for access" }).click();
  await axe(page);
  await ask(await caller(lakegate.url, "ma"), "Refunds to read", ["billing.refund"]);
  const request = new RequestPage(page);
  await request.open("Refunds to read");
  await expect(page.getByText("to read, others bring it")).toBeVisible();
  await axe(page);

  const decider = await other(browser, lakegate.url, people.approver);
  await new DecisionPage(decider.page).open("Refunds to read");
  await expect(decider.page.getByText(/Others bring one of these already/)).toBeVisible();
  await expect(decider.page.getByText(/GRANT SELECT ON TABLE `ods_billing`.`refund` TO USER `ma`/)).toBeVisible();
  await axe(decider.page);
  await decider.page.getByRole("button", { name: /^Approve/ }).click();
  await expect(decider.page).toHaveURL((url) => url.pathname === "/inbox");
  await decider.close();

  await expect(request.row("refund").getByText("Ready")).toBeVisible({ timeout: 60_000 });
  await request.row("refund").getByRole("link").first().click();
  await page.getByRole("button", { name: /^Show rows/ }).click();
  await expect(page.getByRole("columnheader", { name: "id" }).first()).toBeVisible();
  await axe(page);
});
