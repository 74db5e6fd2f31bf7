/** React Aria brings what it says in thirty-four languages: those that the console has not are left out. */

import type { Plugin } from "vite";

const STRINGS = /\/(?:react-aria(?:-components)?|react-stately|@react-(?:aria|stately))\/.*\/intl\/(?:.*\/)?([a-z]{2})-[A-Z]{2}\.m?js$/;

export function ownLanguages(languages: string[]): Plugin {
  return {
    name: "wardship-own-languages",
    enforce: "pre",
    load(id) {
      const language = STRINGS.exec(id)?.[1];
      return language && !languages.includes(language) ? "export default undefined;" : null;
    },
  };
}
