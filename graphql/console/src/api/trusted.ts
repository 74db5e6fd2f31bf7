/** Documents that the server knows by their digests: the build puts them in place of those in `documents.ts`. */

import { parse, type DocumentNode } from "@0no-co/graphql.web";

export interface TrustedDocument {
  id: string;
  text: string;
}

const known = new Map<string, TrustedDocument>();

/** Make the document of an operation; called by what the build writes. */
export function trusted(id: string, text: string): DocumentNode {
  const document = parse(text, { noLocation: true });
  known.set(operationName(document), { id, text });
  return document;
}

/** The trusted document of an operation, by its name, which no other has. */
export function trustedDocument(name: string): TrustedDocument | undefined {
  return known.get(name);
}

export function operationName(document: { definitions: readonly unknown[] }): string {
  const [first] = document.definitions as { name?: { value: string } }[];
  return first?.name?.value ?? "";
}
