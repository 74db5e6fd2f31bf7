/** Tell which pages are reached by the key of another, after `g`: of two, one would never be. */

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const KEY = /\bkey: "(\S+)"/g;
const routes = readdirSync("src/pages", { recursive: true, encoding: "utf-8" }).filter((path) => path.endsWith("route.ts"));
const found = routes.flatMap((path) => [...readFileSync(join("src/pages", path), "utf-8").matchAll(KEY)].map(([, key]) => ({ key, path })));
const faults = found.filter(({ key }, place) => found.findIndex((other) => other.key === key) !== place);
if (found.length === 0 || faults.length) {
  console.error(faults.map(({ key, path }) => `${path}: another page has the key ${key} too: give it one of its own`).join("\n") || "No page has a key.");
  process.exit(1);
}
