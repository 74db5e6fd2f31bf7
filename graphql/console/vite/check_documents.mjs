/** Tell which operations have the name of another: the server and the pages know them by it. */

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const OPERATION = /\b(?:query|mutation|subscription) (\w+)/g;
const paths = readdirSync("src", { recursive: true, encoding: "utf-8" }).filter((path) => path.endsWith("documents.ts"));
const found = paths.flatMap((path) => [...readFileSync(join("src", path), "utf-8").matchAll(OPERATION)].map(([, name]) => ({ name, path })));
const faults = found.filter(({ name }, place) => found.findIndex((other) => other.name === name) !== place);
if (faults.length) {
  console.error(faults.map(({ name, path }) => `${path}: another operation is called ${name} too: give it a name of its own`).join("\n"));
  process.exit(1);
}
