import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { LinguiConfig } from "@lingui/conf";
import { formatter } from "@lingui/format-po";

const PAGES = fileURLToPath(new URL("src/pages", import.meta.url));
const ROUTES = "**/route.ts";
const families = readdirSync(PAGES, { withFileTypes: true }).filter((entry) => entry.isDirectory());

/**
 * A catalogue for each family of pages, loaded with them; what a sign-in says comes with its script in every language;
 * titles of pages and all else are the shell's, loaded at once.
 */
const config: LinguiConfig = {
  sourceLocale: "en",
  locales: ["en", "de"],
  catalogs: [
    { path: "<rootDir>/src/language/locales/start/{locale}", include: ["src/sign_in"] },
    {
      path: "<rootDir>/src/language/locales/shell/{locale}",
      include: ["src"],
      exclude: ["src/pages/*/!(route).ts*", "src/pages/*/*/**/*.ts*", "src/explorer/**", "src/sign_in/**"],
    },
    ...families.map(({ name }) => ({
      path: `<rootDir>/src/language/locales/${name}/{locale}`,
      include: [`src/pages/${name}`],
      exclude: [ROUTES],
    })),
  ],
  format: formatter({ lineNumbers: false }),
};

export default config;
