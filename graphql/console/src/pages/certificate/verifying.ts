/** Check a certificate in the browser: its Ed25519 signature (RFC 7515, RFC 9864) against published keys. Nothing is sent. */

const TYPE = "wardship-certificate+jws";
const ALGORITHM = "Ed25519";
const NEWEST_VERSION = 2;
const OF_UNINSTALLATION = 3;
const BASE64URL = /^[A-Za-z0-9_-]+$/;

export interface Place {
  recipient: string;
  verb: string;
  state: string;
  due_at: string;
  ended_at: string;
  proof: string;
  basis: string;
  shortfall: string;
  is_earlier: boolean;
  retained: { category: string; legal_basis: string; until: string | null }[];
}

/** What was owed at one place, about everybody or, where `people` counts some, of these. */
export interface EndedPlace extends Place {
  people: number;
}

export interface CertifiedRight {
  kind: string;
  decision: string;
  decided_by: string;
  decided_at: string;
  state: string;
  ended_at: string;
  places: Place[];
  retained: { what: string; reason: string; until: string }[];
  limited: { what: string; reason: string; until: string }[];
}

export interface Statement {
  version: number;
  iss: string;
  iat: number;
  jti: string;
  reference_sha256: string;
  organisation: string;
  regime: string;
  submitted_at: string;
  due_at: string;
  ended_at: string;
  identity: string;
  rights: CertifiedRight[];
}

/** What was given back when an integration was taken away. */
export interface Uninstallation {
  version: number;
  about: "uninstallation";
  iss: string;
  iat: number;
  organisation: string;
  integration: string;
  integration_version: string;
  vendor: string;
  country: string;
  installed_at: string;
  ended_at: string;
  people: number;
  grade: string;
  places: EndedPlace[];
}

interface Key {
  kid: string;
  kty: string;
  crv: string;
  x: string;
}

export interface KeySet {
  keys: Key[];
}

/** Why a text is no certificate that one can rely on. */
export type Fault = "malformed" | "another_kind" | "newer_version" | "unknown_key" | "changed" | "unsupported";

export type Certified = Statement | Uninstallation;

export type Verdict = { statement: Certified; key: string; fault?: undefined } | { fault: Fault; statement?: undefined };

export function isOfUninstallation(statement: Certified): statement is Uninstallation {
  return "about" in statement;
}

export function isKeySet(text: string): KeySet | undefined {
  try {
    const found = JSON.parse(text) as Partial<KeySet>;
    return Array.isArray(found.keys) ? (found as KeySet) : undefined;
  } catch {
    return undefined;
  }
}

/** Line breaks and spaces, as printing and mailing add them, are no part of a certificate. */
export function withoutSpaces(text: string): string {
  return text.replaceAll(/\s/g, "");
}

export async function verify(text: string, keys: KeySet): Promise<Verdict> {
  const parts = text.split(".");
  const [header = "", payload = "", signature = ""] = parts;
  if (parts.length !== 3 || !parts.every((part) => BASE64URL.test(part))) return { fault: "malformed" };
  const said = decoded<{ alg?: string; typ?: string; kid?: string }>(header);
  if (!said) return { fault: "malformed" };
  if (said.typ !== TYPE || said.alg !== ALGORITHM) return { fault: "another_kind" };
  const key = keys.keys.find(({ kid }) => kid === said.kid);
  if (!key || key.kty !== "OKP" || key.crv !== ALGORITHM) return { fault: "unknown_key" };
  let isGenuine: boolean;
  try {
    const imported = await crypto.subtle.importKey("jwk", { kty: key.kty, crv: key.crv, x: key.x }, { name: ALGORITHM }, false, ["verify"]);
    isGenuine = await crypto.subtle.verify({ name: ALGORITHM }, imported, bytesOf(signature), new TextEncoder().encode(`${header}.${payload}`));
  } catch {
    return { fault: "unsupported" };
  }
  if (!isGenuine) return { fault: "changed" };
  const statement = decoded<Certified>(payload);
  if (!statement) return { fault: "malformed" };
  const isAbout = isOfUninstallation(statement);
  if (statement.version > (isAbout ? OF_UNINSTALLATION : NEWEST_VERSION)) return { fault: "newer_version" };
  if (isAbout && statement.about !== "uninstallation") return { fault: "newer_version" };
  return Array.isArray(isAbout ? statement.places : statement.rights) ? { statement, key: key.kid } : { fault: "malformed" };
}

function decoded<Content>(part: string): Content | undefined {
  try {
    return JSON.parse(new TextDecoder().decode(bytesOf(part))) as Content;
  } catch {
    return undefined;
  }
}

function bytesOf(part: string): Uint8Array<ArrayBuffer> {
  const plain = atob(part.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(plain, (sign) => sign.charCodeAt(0));
}

export async function sha256(text: string): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
