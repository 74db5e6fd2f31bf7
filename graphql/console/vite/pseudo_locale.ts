/** The generated pseudo-locale: every message with altered letters, so that text that is not translated stands out. */

import { createCompiledCatalog, getCatalogs } from "@lingui/cli/api";
import { getConfig } from "@lingui/conf";
import { relative } from "node:path";
import type { Plugin } from "vite";

const PSEUDO = "ar-XB";
const QUERY = "?pseudo";

/** Serve `…/en.po?pseudo` as that catalogue in the pseudo-locale. */
export function pseudoLocale(): Plugin {
  return {
    name: "wardship-pseudo-locale",
    enforce: "pre",
    async transform(_code, id) {
      if (!id.endsWith(QUERY)) return null;
      const config = getConfig();
      const root = config.rootDir ?? "";
      const path = relative(root, id.slice(0, -QUERY.length));
      const catalogue = (await getCatalogs(config)).find((one) => path === `${relative(root, one.path).replace("{locale}", "en")}.po`);
      if (!catalogue) throw new Error(`${path} is no catalogue of lingui.config.ts`);
      const { messages } = await catalogue.getTranslations("en", { fallbackLocales: {}, sourceLocale: "en" });
      const { source } = createCompiledCatalog(PSEUDO, messages, { namespace: "es", pseudoLocale: PSEUDO });
      return { code: source, map: null, moduleType: "js" };
    },
  };
}
