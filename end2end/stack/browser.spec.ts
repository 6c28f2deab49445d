// In the browser, on the real thing: an operator sets up a route to a Flink cluster, somebody asks for three tables by it, the operator
// approves, and the requester's page tells how far they are until they are ready, while their rows change.
import { expect, test } from "@playwright/test";

import { axe, people, signIn, watch } from "../fixtures.ts";
import { AskPage, DecisionPage, RequestPage } from "../pages/journey.ts";
import type { Stack } from "../stack.mjs";
import { flink, until } from "./flink.mjs";
import { openPortal } from "./portal.mjs";
import { openShop, tables } from "./shop.mjs";

test("a route to a cluster is set up, three tables are asked for, approved, and ready while their rows change", async ({ browser }) => {
  const stack: Stack = JSON.parse(process.env.STACK_SAID ?? "{}");
  const shop = await openShop(stack.mariadb, "bazaar");
  const portal = await openPortal(stack, shop);
  const stop = shop.change();
  const api = flink(stack.flink);
  const mine = async () => (await api.jobs()).filter(({ name, state }) => name.startsWith("lg-") && !["FINISHED", "CANCELED", "FAILED"].includes(state));
  try {
    const page = async () => (await browser.newContext({ baseURL: portal.url(), locale: "en-GB" })).newPage();
    const [operator, requester] = [await page(), await page()];
    const broken = [watch(operator), watch(requester)];

    await signIn(operator, people.operator);
    await operator.goto("/routes");
    await operator.getByRole("link", { name: "Set up a route" }).click();
    await operator.getByLabel("Name", { exact: true }).fill("stream");
    await operator.getByLabel("Engine").selectOption("flink");
    await operator.getByLabel("Flink REST API").fill(stack.flink);
    await operator.getByLabel("Database in the lake").fill("live_{database}");
    await operator.getByLabel("Table in it").fill("{table}");
    await axe(operator);
    await operator.getByRole("button", { name: "Save" }).click();
    await expect(operator.getByRole("row", { name: /stream/ })).toBeVisible();

    const title = "Orders as they come";
    const ask = new AskPage(requester);
    await signIn(requester, people.requester);
    await ask.select(shop.database, tables);
    await requester.getByRole("link", { name: /^Request \d+ tables/ }).click();
    await requester.locator("select#route").selectOption({ label: "stream" });
    await requester.getByRole("radio").first().check();
    await requester.getByLabel(/^What do you need it for/).fill("To see them live.");
    await ask.next();
    await ask.next();
    await requester.getByLabel(/^Title/).fill(title);
    await requester.getByRole("button", { name: /^Submit/ }).click();
    const request = new RequestPage(requester);
    await expect(request.title).toHaveText(title);

    const decision = new DecisionPage(operator);
    await decision.open(title);
    await operator.getByRole("button", { name: /^Approve/ }).click();
    for (const table of tables) {
      await expect(request.row(table).getByText("Ready", { exact: true })).toBeVisible({ timeout: 300_000 });
    }
    await axe(requester);
    await stop();

    const equal = async () => (await shop.differences(`file://${portal.data}/warehouse`, `live_${shop.database}`)).length === 0;
    await until(equal, 120, 2000);
    expect(await mine()).toHaveLength(1);
    expect(broken.flat(), "a page broke").toEqual([]);
  } finally {
    await stop();
    await portal.stop(async () => {
      for (const { jid } of await mine()) await api.cancel(jid);
    });
  }
});
