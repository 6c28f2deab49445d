// What stands around every page: nav, language, theme, me.
import type { Locator, Page } from "@playwright/test";

export type Language = "en" | "zh";

export class Shell {
  readonly nav: Locator;
  readonly title: Locator;

  constructor(readonly page: Page) {
    this.nav = page.getByRole("navigation").first();
    this.title = page.getByRole("heading", { level: 1 });
  }

  /** Switches without a reload, as a person does. */
  async useLanguage(language: Language): Promise<void> {
    await this.page.getByRole("button", { name: language === "zh" ? "中文" : "EN", exact: true }).click();
  }

  async useOtherTheme(): Promise<void> {
    await this.page.getByRole("button", { name: /^(Use the (dark|light) theme|使用(深色|浅色)主题)$/ }).click();
  }

  /** The theme that was chosen, or nothing while the system decides. */
  theme(): Promise<string | null> {
    return this.page.locator("html").getAttribute("data-theme");
  }
}
