// The thin journey with a real MariaDB: an operator adds it in the browser, somebody asks for three of its tables, its
// owner lets two in, and what lies in the lake is what lies in the server, told by a reader that shares no code with us.
import { axe, expect, people, signIn, test, watch } from "../fixtures.ts";
import { AskPage, DecisionPage, RequestPage } from "../pages/journey.ts";
import { SourcePage } from "../pages/source.ts";
import { readLake } from "../server.mjs";

const tables = `
  CREATE TABLE contract (id int PRIMARY KEY, tenant varchar(40) NOT NULL COMMENT '租客', rent decimal(12,2), note text) COMMENT '租赁合同';
  INSERT INTO contract SELECT seq, concat('租客 ', seq, ' 😀'), seq / 4, if(seq % 3, 'ab''c', NULL) FROM seq_1_to_5000;
  CREATE TABLE payment (contract int, paid_at datetime(3), cents bigint unsigned NOT NULL, PRIMARY KEY (contract, paid_at));
  INSERT INTO payment SELECT seq, '2026-11-01 08:00:00.5' + INTERVAL seq MINUTE, 18446744073709551615 - seq FROM seq_1_to_3000;
  CREATE TABLE refund (id int PRIMARY KEY); INSERT INTO refund VALUES (1)`;

test("three tables of a MariaDB added in the browser, two let in, both equal in the lake", async ({ page, browser, lakegate, mariadb }) => {
  test.setTimeout(180_000);
  await mariadb.sql(tables);
  const [reader, copier] = [await mariadb.account("reader", "one"), await mariadb.account("copier", "two")];

  const operator = await browser.newContext({ baseURL: lakegate.url, locale: "en-GB" });
  const desk = await operator.newPage();
  const broken = watch(desk);
  const source = new SourcePage(desk);
  await signIn(desk, people.operator);
  await source.add();
  await source.describe("mall", mariadb, reader, copier);
  await source.passwords("one", "not it");
  await source.test();
  const wrong = source.found.getByRole("listitem").filter({ hasText: `Name or password of ${copier} (for copying) is wrong.` });
  await expect(wrong).toContainText("Type the password anew, or its administrator sets another.");
  await expect(wrong).toContainText(`ALTER USER '${copier}'@'%' IDENTIFIED BY '…';`);
  await expect(wrong.getByRole("button", { name: "Copy: Run on mall" })).toBeVisible();
  await expect(source.found.getByRole("button", { name: /^Send (it|all \d+) to 孙浩$/ })).toBeVisible();
  await axe(desk);
  await source.passwords("one", "two");
  await source.test();
  await expect(source.found.getByText("3 tables in 1 databases can be read.")).toBeVisible();
  await expect(wrong).toHaveCount(0);
  await source.save("mall", 3);
  await axe(desk);

  const title = "Contracts for the Q4 report";
  const ask = new AskPage(page);
  await signIn(page, people.requester);
  await ask.select(mariadb.database, ["contract", "payment", "refund"]);
  await ask.submit(title, "Rents by tenant.", "minutes");
  const request = new RequestPage(page);
  await expect(request.title).toHaveText(title);
  await expect(page.getByText("Waiting for 陈建国").first()).toBeVisible();

  const approver = await browser.newContext({ baseURL: lakegate.url, locale: "en-GB" });
  const other = await approver.newPage();
  const decision = new DecisionPage(other);
  await signIn(other, people.approver);
  await decision.open(title);
  await decision.untick("refund");
  const approve = other.getByRole("button", { name: /^Approve 2 of 3/ });
  await approve.click();
  await decision.comment.fill("Refunds stay where they are.");
  await approve.click();
  await expect(other).toHaveURL((url) => url.pathname === "/inbox");

  // Nobody touches the requester's page from here on.
  for (const table of ["contract", "payment"]) {
    await expect(request.row(table).getByText("Ready", { exact: true })).toBeVisible({ timeout: 60_000 });
  }
  await expect(request.row("refund").getByText("Dropped", { exact: true })).toBeVisible();
  await axe(page);

  const told = {
    contract: "SELECT id, tenant, CAST(rent * 100 AS int), note FROM contract",
    payment: "SELECT contract, TIMESTAMPDIFF(MICROSECOND, '1970-01-01', paid_at), cents FROM payment",
  };
  for (const [table, sql] of Object.entries(told)) {
    const there = await readLake(lakegate.data, `ods_${mariadb.database}`, table);
    const here = await mariadb.sql(sql);
    const rows = there.rows.map((row) => row.map((cell) => cell ?? "NULL"));
    expect(rows.length, table).toBe(table === "contract" ? 5_000 : 3_000);
    expect(new Set(rows.map(String)), table).toEqual(new Set(here.map(String)));
  }
  await expect(readLake(lakegate.data, `ods_${mariadb.database}`, "refund"), "nobody let it in").rejects.toThrow();
  expect(broken, "the operator's page broke").toEqual([]);
  await Promise.all([operator.close(), approver.close()]);
});
