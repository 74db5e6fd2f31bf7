/** What can go wrong between a page and the server, in the three ways that a person can do something about. */

import type { CombinedError } from "@urql/core";

/** No answer of the API: the network, or a fault of the server. */
export class NoAnswer extends Error {
  constructor(
    readonly kind: "offline" | "fault",
    readonly requestId: string | null = null,
    readonly status: number | null = null,
  ) {
    super(kind === "offline" ? "offline" : `status ${status}`);
  }
}

/** One typed refusal of the API. */
export interface Refused {
  code: string;
  message: string;
  path: readonly string[];
}

/** Why a part of a page or an act failed. */
export interface Failure {
  kind: "offline" | "fault" | "refused";
  code: string;
  /** The server's own words; empty where it gave none. */
  message: string;
  requestId: string | null;
}

export const ABSENT = new Set(["NOT_FOUND", "PERMISSION_DENIED", "INVALID_ID"]);

/** Say why an operation failed; of several faults the first. */
export function failureOf(error: CombinedError | undefined): Failure | undefined {
  if (!error) return undefined;
  const { networkError, graphQLErrors } = error;
  if (networkError) {
    const isOffline = !(networkError instanceof NoAnswer) || networkError.kind === "offline";
    const requestId = networkError instanceof NoAnswer ? networkError.requestId : null;
    return { kind: isOffline ? "offline" : "fault", code: "", message: "", requestId };
  }
  const [first] = graphQLErrors;
  const { code = "", requestId = null } = (first?.extensions ?? {}) as { code?: string; requestId?: string };
  return { kind: code === "INTERNAL" ? "fault" : "refused", code, message: first?.message ?? "", requestId };
}
