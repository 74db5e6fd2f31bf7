/** The session that the browser's cookie stands for, and the calls that change it. */

export interface Organisation {
  slug: string;
  name: string;
}

/** How somebody wants the console to look and speak: empty texts are as the browser and the system ask. */
export interface Preferences {
  language: string;
  theme: string;
  has_letter_keys: boolean;
}

export interface Session {
  account: { email: string; name: string; is_privacy_team?: boolean; staff_roles?: string[] } | null;
  csrf_token: string;
  /** How far a sign-in has come: the account is told only when it is complete. */
  stage?: "second_step" | "enrolment" | "complete" | null;
  organisations: Organisation[];
  organisation: string | null;
  /** What a call names that is about the account itself, or by the provider's staff. */
  provider?: string | null;
  /** When the second factor was shown last. */
  stepped_up_at?: string | null;
  /** Whether the second factor can be shown by a passkey, once the first step is passed. */
  has_passkey?: boolean;
  /** What the account has chosen for every browser; null where a provider signed in, which reaches one organisation. */
  preferences?: Preferences | null;
  /** Whether an organisation's own provider has opened it: one signs out there too. */
  is_by_provider?: boolean;
}

/** By what people may sign in at this deployment, besides the password. */
export interface Ways {
  mailed_link: boolean;
  passkey: boolean;
  /** Providers of the deployment: at each, an account that was linked passes the first step. */
  providers: { key: string; name: string }[];
}

const NO_WAYS: Ways = { mailed_link: false, passkey: false, providers: [] };

/** The server said no; the message is fit to be shown. */
export class Refusal extends Error {}

export const CSRF_HEADER = "X-Wardship-CSRF";
export const ORGANISATION_HEADER = "X-Wardship-Organisation";
const CHOSEN = "wardship.organisation";

export async function loadSession(): Promise<Session> {
  const response = await fetch("/auth/session", {
    headers: { Accept: "application/json" },
  });
  if (!response.ok) {
    throw new Refusal(`The server could not say who is signed in (status ${response.status}). Try again later.`);
  }
  return (await response.json()) as Session;
}

/** The other ways to sign in; none while the server can't say. */
export async function loadWays(): Promise<Ways> {
  const response = await fetch("/auth/ways").catch(() => undefined);
  return response?.ok ? ((await response.json()) as Ways) : NO_WAYS;
}

/** Go to a provider to sign in there; it leads back to the second step. */
export async function goToProvider(key: string, session: Session): Promise<void> {
  const { url } = await post<{ url: string }>(`/auth/providers/${key}/begin`, {}, session);
  location.assign(url);
}

/** End the session; one that an organisation's provider has opened ends there too, where the browser then goes. */
export async function signOut(session: Session): Promise<void> {
  const path = session.is_by_provider ? "/auth/provider/sign-out" : "/auth/sign-out";
  const { url } = await post<{ url?: string | null }>(path, {}, session);
  sessionStorage.clear();
  if (url) location.assign(url);
}

/** How far a sign-in has come, and, where an organisation asks for the account, the page on which one chooses first. */
export interface Step {
  step?: string;
  choice_page?: string | null;
}

/** Go to the page on which one has to choose before the console is of use; false where nothing is to be chosen. */
export function goToChoice({ choice_page: page }: Step): boolean {
  if (page) location.assign(page);
  return Boolean(page);
}

/** Call one of the sign-in endpoints. */
export async function post<Answer>(
  path: string,
  body: Record<string, unknown>,
  session: Session,
): Promise<Answer> {
  const response = await fetch(path, {
    method: "POST",
    headers: {
      Accept: "application/json",
      "Content-Type": "application/json",
      [CSRF_HEADER]: session.csrf_token,
    },
    body: JSON.stringify(body),
  });
  const text = await response.text();
  if (!response.ok) {
    throw new Refusal(refusalText(text) ?? `The server refused (status ${response.status}).`);
  }
  return (text ? JSON.parse(text) : {}) as Answer;
}

/** The organisation last chosen in this tab, when it is still the person's to choose; else the session's, else the first. */
export function chosenOrganisation(session: Session): string | null {
  const slugs = session.organisations.map(({ slug }) => slug);
  const remembered = sessionStorage.getItem(CHOSEN);
  if (remembered && (choosesFreely(session) || slugs.includes(remembered))) return remembered;
  return session.organisation ?? slugs[0] ?? null;
}

/** The privacy team works for every organisation, without being a member of one. */
export function choosesFreely(session: Session): boolean {
  return session.account?.is_privacy_team === true;
}

/** Operators decide what is between organisations. */
export function isOperator(session: Session): boolean {
  return session.account?.staff_roles?.includes("operator") === true;
}

export function rememberOrganisation(slug: string): void {
  sessionStorage.setItem(CHOSEN, slug);
}

/** How to call the person who is signed in. */
export function personName(session: Session): string {
  return session.account?.name || session.account?.email || "";
}

function refusalText(text: string): string | undefined {
  try {
    const answer = JSON.parse(text) as { message?: unknown; detail?: unknown };
    return [answer.message, answer.detail].find((part) => typeof part === "string");
  } catch {
    return undefined;
  }
}
