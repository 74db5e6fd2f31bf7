import type { MessageDescriptor } from "@lingui/core";

/** A word of a certificate in the reader's language; certificates write in small letters what the API has as constants. */
export function named(names: Record<string, MessageDescriptor>, i18n: { _: (message: MessageDescriptor) => string }, word: string): string {
  const found = names[word.toUpperCase()];
  return found ? i18n._(found) : word;
}
