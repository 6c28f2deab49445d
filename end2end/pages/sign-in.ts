import type { Locator, Page } from "@playwright/test";

import { password } from "../lakegate.mjs";
import { Shell } from "./shell.ts";

export class SignInPage extends Shell {
  readonly name: Locator;
  readonly password: Locator;
  readonly submit: Locator;
  readonly problem: Locator;

  constructor(page: Page) {
    super(page);
    this.name = page.getByLabel(/^(Name|用户名)$/);
    this.password = page.getByLabel(/^(Password|密码)$/);
    this.submit = page.getByRole("button", { name: /^(Sign in|登录)$/ });
    this.problem = page.getByText(/Name or password is wrong|用户名或密码不正确/);
  }

  async open(): Promise<void> {
    await this.page.goto("/sign-in");
    await this.name.waitFor();
  }

  async signIn(who: string, secret: string = password): Promise<void> {
    await this.name.fill(who);
    await this.password.fill(secret);
    await this.submit.click();
  }
}
