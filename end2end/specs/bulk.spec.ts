// A thousand tables are picked at once, checked, submitted, partly approved, partly dropped; all of them are accounted for.
import { bigSource } from "../big.mjs";
import { axe, test as base, expect, people, signIn } from "../fixtures.ts";
import { type Lakegate, password, startLakegate } from "../lakegate.mjs";
import { NewRequestPage } from "../pages/new-request.ts";

const test = base.extend<{ lakegate: Lakegate }>({
  lakegate: async ({}, use, info) => {
    const lakegate = await startLakegate({ prepare: bigSource(1_000) });
    await use(lakegate);
    if (info.status !== info.expectedStatus) await info.attach("lakegate.log", { body: lakegate.log() });
    await lakegate.stop();
  },
});

test("a thousand tables by one click, every one accounted for", async ({ page, lakegate }) => {
  test.setTimeout(180_000);
  await signIn(page, people.requester);
  const draft = new NewRequestPage(page);
  await draft.begin();
  await page.getByRole("searchbox").fill("big.big_");
  await expect(page, "what is picked is what the address says").toHaveURL(/q=big/);
  await expect(page.getByText("big_00000").first()).toBeVisible({ timeout: 60_000 });
  await page.getByRole("button", { name: /^Pick all 1,\d{3} that match, not only the 50 shown$/ }).click();
  await draft.picked("1,000");
  await page.getByRole("checkbox", { name: "Select big_00007", exact: true }).uncheck();
  await draft.picked("999");
  await page.getByRole("checkbox", { name: "Select big_00007", exact: true }).check();
  await draft.picked("1,000");
  await axe(page);
  await draft.next();
  await page.getByRole("radio").nth(1).check();
  await page.getByLabel("What do you need it for?").fill("Everything of the old system.");
  await draft.next();
  await expect(page.getByText("of 1,000 tables can be copied")).toBeVisible();
  await draft.next();
  await page.getByLabel("Title").fill("The old system");
  await page.getByRole("button", { name: "Submit 1,000 tables" }).dblclick();
  await expect(draft.title).toHaveText("The old system", { timeout: 30_000 });
  await expect(page.getByText(/1,000.*requested/s).first()).toBeVisible();

  // One of the tables is dropped for each of the first seven; the rest is let in.
  const id = page.url().split("/").pop() ?? "";
  const chen = await caller(lakegate.url, people.approver);
  const { tables } = (await chen(`/api/inbox/${id}`)).thing;
  expect(tables.length).toBe(1_000);
  const drop = tables.slice(0, 7).map((table: { item: { id: string } }) => table.item.id);
  await chen(`/api/requests/${id}/decision`, { verdict: "approve", drop, comment: "旧系统的临时表不入湖" });
  await expect(page.getByText("Approved 993 of 1,000").first()).toBeVisible();
  const sum = async () => (await chen(`/api/requests/${id}`)).thing.row.tally;
  const { ready, running, failed, waiting, ended } = await sum();
  expect(ready + running + failed + waiting + ended).toBe(1_000);
  expect(ended).toBe(7);
  await expect(page.getByText(/7.*ended/s).first()).toBeVisible();
  await axe(page);
  const mine = (await chen("/api/requests")).rows.filter((row: { title: string }) => row.title === "The old system");
  expect(mine.length, "two clicks are one request").toBe(1);
});

/** Calls the API as somebody. */
async function caller(url: string, login: string) {
  const headers = { "content-type": "application/json" };
  const answer = await fetch(`${url}/api/session`, { method: "POST", headers, body: JSON.stringify({ login, password }) });
  const cookie = answer.headers.getSetCookie().map((line) => line.split(";")[0]).join("; ");
  return async (path: string, body?: unknown) => {
    const call = body ? { method: "POST", body: JSON.stringify(body) } : {};
    const response = await fetch(`${url}${path}`, { ...call, headers: { ...headers, cookie } });
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
    return response.json();
  };
}
