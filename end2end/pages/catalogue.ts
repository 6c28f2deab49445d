// The catalogue, by what people do on it.
import { type Locator, type Page, expect } from "@playwright/test";

import { Shell } from "./shell.ts";

export class CataloguePage extends Shell {
  /** How many tables match. */
  readonly matching: Locator;

  constructor(page: Page) {
    super(page);
    this.matching = page.getByText(/^([\d,]+ tables? match(es)?|[\d,]+张表匹配)$/);
  }

  /** Opens it, and waits until the source was read. */
  async open(): Promise<void> {
    await this.page.goto("/catalogue");
    await expect(this.page.getByRole("checkbox").nth(1)).toBeVisible();
  }

  async search(text: string): Promise<void> {
    await this.page.getByRole("searchbox").fill(text);
    await expect(this.page).toHaveURL((url) => url.searchParams.get("q") === text);
  }

  row(table: string): Locator {
    return this.page.getByRole("row").filter({ has: this.page.getByRole("rowheader").filter({ hasText: table }) }).first();
  }

  /** What narrows the list; its name ends with its count. */
  facet(name: string, how?: "exact"): Locator {
    const end = how ? "\\s?[\\d,]+$" : "";
    return this.page.getByRole("complementary", { name: /^(Narrow the result|缩小范围)/ }).getByRole("button", { name: new RegExp(`^${name}${end}`) });
  }
}
