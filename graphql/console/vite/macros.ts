/** Lingui's macros: what a page says becomes a message's id while it is built. */

import { transformAsync } from "@babel/core";
import type { Plugin } from "vite";

const SOURCE = /\/src\/.+\.tsx?$/;
const USES_MACROS = /from "@lingui\/(core|react)\/macro"/;

export function macros(): Plugin {
  return {
    name: "wardship-macros",
    enforce: "pre",
    async transform(code, id) {
      if (!SOURCE.test(id) || !USES_MACROS.test(code)) return null;
      const done = await transformAsync(code, {
        filename: id,
        configFile: false,
        babelrc: false,
        sourceMaps: true,
        parserOpts: { plugins: ["typescript", "jsx"] },
        plugins: ["@lingui/babel-plugin-lingui-macro"],
      });
      return done?.code ? { code: done.code, map: done.map ?? null } : null;
    },
  };
}
