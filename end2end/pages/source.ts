// The form of a source, by what an operator does on it.
import { type Locator, type Page, expect } from "@playwright/test";

import type { Server } from "../server.mjs";
import { Shell } from "./shell.ts";

export class SourcePage extends Shell {
  readonly found: Locator;

  constructor(page: Page) {
    super(page);
    this.found = page.getByRole("region", { name: "Test" });
  }

  async add(): Promise<void> {
    await this.page.goto("/sources");
    await this.page.getByRole("link", { name: "Add a source" }).click();
  }

  /** Which server, two accounts, and who answers for it. */
  async describe(name: string, server: Server, catalogue: string, copying: string): Promise<void> {
    await this.page.getByLabel("Name", { exact: true }).fill(name);
    await this.page.getByLabel("Host").fill("127.0.0.1");
    await this.page.getByLabel("Port").fill(server.port);
    await this.page.getByLabel("Account that reads the catalogue").fill(catalogue);
    await this.page.getByLabel("Account that copies").fill(copying);
    await this.page.getByLabel(/Database administrator/).fill("孙浩");
    await this.page.getByLabel("陈建国").check();
  }

  async passwords(catalogue: string, copying: string): Promise<void> {
    await this.page.getByLabel("Password", { exact: true }).fill(catalogue);
    await this.page.getByLabel("Its password").fill(copying);
  }

  async test(): Promise<void> {
    await this.found.getByRole("button", { name: /^Test/ }).click();
  }

  /** Saves it, and waits until its catalogue was read. */
  async save(name: string, tables: number): Promise<void> {
    await this.page.getByRole("button", { name: "Save source" }).click();
    const row = this.page.getByRole("row").filter({ has: this.page.getByRole("link", { name, exact: true }) });
    await expect(row.getByRole("cell", { name: String(tables), exact: true })).toBeVisible({ timeout: 30_000 });
  }
}
