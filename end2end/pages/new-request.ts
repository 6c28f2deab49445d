// The wizard of a new request, by what people do in it; in both languages.
import { type Locator, type Page, expect } from "@playwright/test";

import { AskPage } from "./journey.ts";

export class NewRequestPage extends AskPage {
  readonly cart: Locator;
  readonly saved: Locator;

  constructor(page: Page) {
    super(page);
    this.cart = page.getByRole("complementary", { name: /^(Picked tables|已选的表)$/ });
    this.saved = page.getByText(/^(Saved .*, by itself|.*已自动保存)/);
  }

  async begin(): Promise<void> {
    await this.page.goto("/requests/new");
    await this.page.waitForURL(/\/requests\/new\/[^/]+\/tables/);
    await expect(this.title).toBeVisible();
  }

  /** How many tables the cart says it holds. */
  async picked(n: number | string): Promise<void> {
    await expect(this.cart.getByRole("heading", { name: new RegExp(`^(${n} picked|已选${n}张)$`) })).toBeVisible();
  }

  async way(name: "Search" | "Paste a list" | "Upload CSV" | "Pattern"): Promise<void> {
    await this.page.getByRole("link", { name, exact: true }).click();
  }

  async paste(text: string): Promise<void> {
    await this.way("Paste a list");
    await this.page.getByLabel("One table a line").fill(text);
    await this.page.getByRole("button", { name: "Look up and pick" }).click();
  }

  line(text: string): Locator {
    return this.page.getByRole("listitem").filter({ has: this.page.getByText(text, { exact: true }) });
  }
}
