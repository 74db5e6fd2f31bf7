/**
 * Trusted documents: every operation stands in a file `documents.ts`. While the console is built, each is checked against
 * the schema, named by the digest of its text, and written into `documents.json`, from which the server takes it.
 */

import { formatDocument } from "@urql/core";
import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { buildSchema, type DocumentNode, Kind, print, stripIgnoredCharacters, validate } from "graphql";
import { type Plugin, runnerImport } from "vite";

const MODULE = /\/documents\.ts$/;
/** A fragment is used by documents; it is none itself. */
const UNUSED_FRAGMENT = /^Fragment ".*" is never used\.$/;

interface Trusted {
  name: string;
  id: string;
  text: string;
}

export function trustedDocuments(schemaFile: string): Plugin {
  const schema = buildSchema(readFileSync(schemaFile, "utf-8"));
  const read = async (path: string) => {
    const { module } = await runnerImport<Record<string, DocumentNode>>(path, { configFile: false, logLevel: "error" });
    return Object.entries(module).map(([name, document]) => ({ name, ...trusted(schema, path, name, document) }));
  };
  const known = new Map<string, ReturnType<typeof read>>();
  // Each once, and one after the other: each has a runner of its own, which gives up after a minute on a busy machine.
  let last: Promise<unknown> = Promise.resolve();
  const readOnce = (path: string) => {
    const reading = known.get(path) ?? last.then(() => read(path));
    known.set(path, reading);
    last = reading.catch(() => {});
    return reading;
  };
  return {
    name: "wardship-trusted-documents",
    enforce: "pre",
    async transform(_code, id) {
      const [path = id] = id.split("?");
      if (!MODULE.test(path)) return null;
      const found = await (this.environment.mode === "build" ? readOnce(path) : read(path));
      const made = found.map(({ name, id: key, text }) =>
        key ? `export const ${name} = trusted(${JSON.stringify(key)}, ${JSON.stringify(text)});` : `export const ${name} = undefined;`,
      );
      return { code: ['import { trusted } from "/src/api/trusted";', ...made].join("\n"), map: null, moduleType: "js" };
    },
    async generateBundle() {
      const source = join(this.environment.config.root, "src");
      const paths = readdirSync(source, { recursive: true, encoding: "utf-8" }).map((path) => join(source, path));
      const all = (await Promise.all(paths.filter((path) => MODULE.test(path)).map(readOnce))).flat();
      const operations = all.filter(({ id }) => id);
      requireOwnNames(operations);
      const manifest = Object.fromEntries(operations.map(({ id, text }) => [id, text]).sort());
      this.emitFile({ type: "asset", fileName: "documents.json", source: JSON.stringify(manifest, null, 1) });
    },
  };
}

function trusted(schema: Parameters<typeof validate>[0], path: string, name: string, document: DocumentNode) {
  const faults = validate(schema, document).filter(({ message }) => !UNUSED_FRAGMENT.test(message));
  if (faults.length) throw new Error(`${path}: ${name}: ${faults.map(({ message }) => message).join(" ")}`);
  const isOperation = document.definitions.some(({ kind }) => kind === Kind.OPERATION_DEFINITION);
  const text = stripIgnoredCharacters(print(formatDocument(document) as DocumentNode));
  return { id: isOperation ? `sha256:${createHash("sha256").update(text).digest("hex")}` : "", text };
}

function requireOwnNames(operations: Trusted[]) {
  const names = operations.map(({ text }) => /^(?:query|mutation|subscription) (\w+)/m.exec(text)?.[1] ?? text);
  const twice = names.filter((name, place) => names.indexOf(name) !== place);
  if (twice.length) throw new Error(`Each operation has a name of its own: ${twice.join(", ")} has not.`);
}
