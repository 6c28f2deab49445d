// The pages of the journey, by what people do on them; in both languages.
import { type Locator, type Page, expect } from "@playwright/test";

import { Shell } from "./shell.ts";

/** The catalogue, and the request that grows out of it. */
export class AskPage extends Shell {
  async select(database: string, tables: string[]): Promise<void> {
    await this.page.goto("/catalogue");
    for (const table of tables) {
      await this.page.getByRole("searchbox").fill(`${database}.${table}`);
      const row = this.page.getByRole("row").filter({ has: this.page.getByText(`${database}.${table}`, { exact: true }) });
      await row.getByRole("checkbox").check();
    }
  }

  async submit(title: string, reason: string, tier: "minutes" | "daily"): Promise<void> {
    await this.page.getByRole("link", { name: /^(Request \d+ tables?|申请\s?\d+\s?张表?)/ }).click();
    await this.page.getByRole("radio").nth(tier === "minutes" ? 0 : 1).check();
    await this.page.getByLabel(/^(What do you need it for\?|用途|您需要它做什么)/).fill(reason);
    await this.next();
    await this.next();
    await this.page.getByLabel(/^(Title|标题)/).fill(title);
    await this.page.getByRole("button", { name: /^(Submit \d+ tables?|提交)/ }).click();
  }

  /** Goes on to the next step of the wizard, and is there when it is done. */
  async next(): Promise<void> {
    const here = new URL(this.page.url()).pathname;
    await this.page.getByRole("button", { name: /^(Next: |下一步：)/ }).click();
    await this.page.waitForURL((url) => url.pathname !== here);
  }
}

/** One request, as its requester watches it. */
export class RequestPage extends Shell {
  async open(title: string): Promise<void> {
    await this.page.goto("/requests");
    await this.page.getByRole("link", { name: title }).click();
    await expect(this.title).toHaveText(title);
  }

  row(table: string): Locator {
    return this.page.getByRole("row").filter({ has: this.page.getByRole("rowheader").filter({ hasText: table }) });
  }
}

/** The card on which somebody decides. */
export class DecisionPage extends Shell {
  readonly comment: Locator;

  constructor(page: Page) {
    super(page);
    this.comment = page.getByRole("textbox", { name: /^(Say|说明|请说明)/ });
  }

  async open(title: string): Promise<void> {
    await this.page.goto("/inbox");
    await this.page.getByRole("link", { name: title }).first().click();
    await expect(this.title).toHaveText(title);
  }

  async untick(table: string): Promise<void> {
    await this.page.getByRole("row").filter({ hasText: table }).getByRole("checkbox").uncheck();
  }
}
