import { defineConfig } from "@playwright/test";

import base from "../playwright.config.ts";

/** As the other browser tests, with the time that a real job takes. */
export default defineConfig({ ...base, testDir: ".", outputDir: "../../target/test/stack", reporter: "list", timeout: 420_000 });
