import { axe, expect, people, test } from "../fixtures.ts";
import { SignInPage } from "../pages/sign-in.ts";

test("a wrong password gets one message, the right one opens home", async ({ page }) => {
  const signIn = new SignInPage(page);
  await page.goto("/");
  await expect(page, "who is unknown is asked first").toHaveURL(/\/sign-in/);

  await signIn.signIn(people.requester, "not the password");
  await expect(signIn.problem).toHaveCount(1);
  await expect(signIn.problem).toBeVisible();
  await expect(page).toHaveURL(/\/sign-in/);
  await axe(page);

  await signIn.signIn(people.requester);
  await expect(page).toHaveURL((url) => url.pathname === "/");
  await expect(signIn.nav).toBeVisible();
  await expect(signIn.title).toHaveCount(1);
});

test("an unknown name gets the same message as a wrong password", async ({ page }) => {
  const signIn = new SignInPage(page);
  await signIn.open();
  await signIn.signIn("nobody", "whatever it is");
  await expect(signIn.problem).toHaveCount(1);
});

test("signing in works in both languages, both themes and both widths", async ({ page }) => {
  const signIn = new SignInPage(page);
  await signIn.open();
  const html = page.locator("html");
  await expect(html).toHaveAttribute("lang", "en");
  await axe(page);

  await signIn.useOtherTheme();
  await expect(html).toHaveAttribute("data-theme", "dark");
  await axe(page, { onlyContrast: true });

  const english = await signIn.title.innerText();
  await signIn.useLanguage("zh");
  await expect(html).toHaveAttribute("lang", /^zh/);
  await expect(signIn.title).not.toHaveText(english);
  await page.setViewportSize({ width: 390, height: 844 });
  await axe(page);

  await page.reload();
  await expect(html, "the theme is kept").toHaveAttribute("data-theme", "dark");
  await expect(html, "the language is kept").toHaveAttribute("lang", /^zh/);
  await signIn.signIn(people.approver);
  await expect(page).toHaveURL((url) => url.pathname === "/");
});

test("home is for everybody to use", async ({ page }) => {
  const signIn = new SignInPage(page);
  await signIn.open();
  await signIn.signIn(people.operator);
  await expect(page).toHaveURL((url) => url.pathname === "/");
  await expect(signIn.title).toBeVisible();
  await axe(page);
  await signIn.useOtherTheme();
  await axe(page, { onlyContrast: true });
  await signIn.useLanguage("zh");
  await expect(page.locator("html")).toHaveAttribute("lang", /^zh/);
  await page.setViewportSize({ width: 390, height: 844 });
  await expect(signIn.title).toBeVisible();
  await axe(page);
});
