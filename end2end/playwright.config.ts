import { defineConfig } from "@playwright/test";

import { chromium } from "./lakegate.mjs";

/** One worker and no second try: a test that needs either is wrong. */
export default defineConfig({
  testDir: "specs",
  outputDir: "../target/test/browser",
  workers: 1,
  retries: 0,
  forbidOnly: Boolean(process.env.CI),
  timeout: 90_000,
  expect: { timeout: 10_000 },
  reporter: [["list"], ["json", { outputFile: process.env.PLAYWRIGHT_JSON_OUTPUT_NAME ?? "../target/test/playwright.json" }]],
  use: {
    browserName: "chromium",
    launchOptions: chromium,
    viewport: { width: 1440, height: 900 },
    locale: "en-GB",
    timezoneId: "Asia/Shanghai",
    colorScheme: "light",
    screenshot: "only-on-failure",
    trace: "retain-on-failure",
  },
});
