// Jobs and the overview: an operator sees all of them, somebody who asked sees the job of their tables and no overview.
import { axe, expect, people, signIn, test, watch } from "../fixtures.ts";
import { AskPage, DecisionPage, RequestPage } from "../pages/journey.ts";

for (const language of ["en", "zh"] as const) {
  test(`the job of what was asked for, and the overview (${language})`, async ({ page, browser, lakegate }) => {
    const ask = new AskPage(page);
    await signIn(page, people.requester);
    await ask.useLanguage(language);
    await ask.select("billing", ["payment", "refund"]);
    await ask.submit("Jobs", "Arrears by city.", "minutes");
    const approver = await browser.newContext({ baseURL: lakegate.url });
    const other = await approver.newPage();
    await signIn(other, people.approver);
    await new DecisionPage(other).open("Jobs");
    await other.getByRole("button", { name: /^(Approve|同意)/ }).click();
    await expect(other).toHaveURL((url) => url.pathname === "/inbox");
    await approver.close();
    const request = new RequestPage(page);
    await expect(request.row("payment").getByText(/^(Ready|可用)$/)).toBeVisible({ timeout: 60_000 });
    await expect(request.row("refund").getByText(/^(Ready|可用)$/)).toBeVisible({ timeout: 60_000 });

    // The table in the lake leads to its job, whoever asked for it; the nav does not.
    await request.row("payment").getByRole("link").first().click();
    await page.getByRole("link", { name: /^lg-/ }).click();
    await expect(page).toHaveURL(/\/jobs\/lg-/);
    await expect(page.getByRole("heading", { level: 1 })).toHaveText(/^lg-/);
    await expect(page.getByText(/^(Running|运行中)$/).first()).toBeVisible();
    await expect(request.row("refund").getByText(/^(Ready|可用)$/)).toBeVisible();
    await axe(page);
    await expect(page.getByRole("navigation").getByRole("link", { name: /^(Overview|总览)$/ })).toHaveCount(0);
    await page.goto("/overview");
    await expect(page.getByRole("heading", { level: 1, name: /^(There is nothing here|此处没有内容)$/ })).toBeAttached();

    const operator = await browser.newContext({ baseURL: lakegate.url });
    const ops = await operator.newPage();
    const broken = watch(ops);
    await signIn(ops, people.operator);
    const shell = new AskPage(ops);
    await shell.useLanguage(language);
    await ops.getByRole("link", { name: /^(Jobs|作业)$/ }).click();
    await expect(ops.getByRole("row").filter({ hasText: "lg-" })).toHaveCount(1);
    await expect(ops.getByText(/1.*(running|进行中|运行中).*1.*(jobs|个作业)/s).first()).toBeVisible();
    await axe(ops);
    await ops.getByRole("button", { name: /(failed|失败)$/ }).click();
    await expect(ops.getByText(/^(No match|没有匹配项)$/)).toBeVisible();
    await ops.goBack();
    await ops.getByRole("link", { name: /^lg-/ }).click();
    await expect(new RequestPage(ops).row("payment")).toBeVisible();
    await axe(ops);
    await ops.getByRole("link", { name: /^(Overview|总览)$/ }).click();
    await expect(ops.getByRole("heading", { level: 1, name: /^(Overview|总览)$/ })).toBeVisible();
    await expect(ops.getByText(/^(Nothing failed, nothing is late|没有失败，也没有延迟)$/)).toBeVisible();
    await axe(ops);
    await shell.useOtherTheme();
    await axe(ops, { onlyContrast: true });
    await ops.setViewportSize({ width: 390, height: 844 });
    await axe(ops);
    expect(broken, "the operator's page broke").toEqual([]);
    await operator.close();
  });
}
