/** Tell which messages are missing from a catalogue, or have no translation: `npm run words` adds them, a person translates. */

import { getCatalogs } from "@lingui/cli/api";
import { getConfig } from "@lingui/conf";

const config = getConfig();
const faults = [];
for (const catalogue of await getCatalogs(config)) {
  const used = (await catalogue.collect()) ?? {};
  for (const locale of config.locales) {
    const known = (await catalogue.read(locale)) ?? {};
    const where = catalogue.path.replace("{locale}", locale).replace(`${config.rootDir}/`, "");
    for (const [id, { message }] of Object.entries(used)) {
      if (!known[id]) faults.push(`${where}.po lacks: ${message}`);
      else if (locale !== config.sourceLocale && !known[id].translation) faults.push(`${where}.po does not translate: ${message}`);
    }
    for (const [id, { message, obsolete }] of Object.entries(known)) {
      if (!used[id] && !obsolete) faults.push(`${where}.po still has: ${message}`);
    }
  }
}
if (faults.length) {
  console.error(`${faults.join("\n")}\nRun \`npm run words\`, then translate what is empty.`);
  process.exit(1);
}
