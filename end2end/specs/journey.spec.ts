// The thin journey in two browsers: somebody asks for three tables, somebody else lets two in, and the first one's page
// moves by itself until both are proven in the lake.
import { axe, expect, people, signIn, test, watch } from "../fixtures.ts";
import { AskPage, DecisionPage, RequestPage } from "../pages/journey.ts";

for (const language of ["en", "zh"] as const) {
  test(`three asked for, two let in, both proven (${language})`, async ({ page, browser, lakegate }) => {
    const title = language === "en" ? "Bills for the Q4 report" : "四季度账单报表";
    const ask = new AskPage(page);
    await signIn(page, people.requester);
    await ask.useLanguage(language);
    await ask.select("billing", ["bill_item", "payment", "refund"]);
    await axe(page);
    await ask.submit(title, "Arrears by city.", "minutes");
    const request = new RequestPage(page);
    await expect(request.title).toHaveText(title);
    await expect(page.getByText(/^(Waiting for 陈建国|待陈建国审批)$/).first()).toBeVisible();
    await axe(page);

    const approver = await browser.newContext({ baseURL: lakegate.url });
    const other = await approver.newPage();
    const broken = watch(other);
    const decision = new DecisionPage(other);
    await signIn(other, people.approver);
    await decision.useLanguage(language);
    await decision.open(title);
    await decision.untick("refund");
    await axe(other);
    const approve = other.getByRole("button", { name: /^(Approve 2 of 3|同意2\/3)/ });
    await approve.click();
    await expect(decision.comment, "dropping wants a reason").toBeFocused();
    await decision.comment.fill("退款明细不出域");
    await approve.click();
    await expect(other).toHaveURL((url) => url.pathname === "/inbox");

    // Nobody touches the requester's page from here on.
    await expect(page.getByText(/^(Approved 2 of 3|已批准2\/3)$/).first()).toBeVisible();
    await expect(page.getByText(/^(Copying|复制中)( ?\d+%)?$/).first()).toBeVisible({ timeout: 30_000 });
    await expect(request.row("bill_item").getByText(/^(Ready|可用)$/)).toBeVisible({ timeout: 60_000 });
    await expect(request.row("payment").getByText(/^(Ready|可用)$/)).toBeVisible({ timeout: 60_000 });
    await expect(request.row("refund").getByText(/^(Dropped|已剔除)$/)).toBeVisible();
    await expect(page.getByText(/2.*(ready|可用).*1.*(ended|已结束).*3.*(requested|申请)/s).first()).toBeVisible();
    await axe(page);

    await request.row("payment").getByRole("link").first().click();
    await expect(page).toHaveURL(/\/lake\/ods_billing\/payment$/);
    await expect(page.getByText("18,000 = 18,000")).toBeVisible();
    await page.getByRole("button", { name: /^(Show rows|显示数据)/ }).click();
    await expect(page.getByRole("columnheader", { name: "payment_id" })).toBeVisible();
    await axe(page);
    await ask.useOtherTheme();
    await axe(page, { onlyContrast: true });
    await page.setViewportSize({ width: 390, height: 844 });
    await axe(page);
    expect(broken, "the approver's page broke").toEqual([]);
    await approver.close();
  });
}
