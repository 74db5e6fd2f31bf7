/** The console's first page: sign in, see who is signed in, choose the organisation, go on. */

import "./sign_in.css";
import { i18n } from "@lingui/core";
import { I18nProvider } from "@lingui/react";
import { Trans } from "@lingui/react/macro";
import { StrictMode, useCallback, useEffect, useState } from "react";
import { createRoot } from "react-dom/client";
import { startLanguage } from "../language/language";
import { adoptPreferences } from "../shell/preferences";
import { choosesFreely, isOperator, loadSession, personName, signOut, type Session } from "./session";
import { SignIn } from "./sign_in";

const EXPLORER = "/console/explorer";
const PRIVACY_QUEUE = "/console/privacy";
/** Keeps, in this tab, the page that was wanted before a sign-in that leads over other pages; without its filters. */
const WANTED = "wardship.wanted";
const ASKED_AGAIN_MS = 2_000;
const ASKED_FOR_MS = 60_000;

function Console() {
  const [session, setSession] = useState<Session>();
  const [failure, setFailure] = useState("");
  const load = useCallback(async () => {
    try {
      const loaded = await loadSession();
      await adoptPreferences(loaded.preferences);
      const place = loaded.account ? placeToGo(loaded) : rememberWanted();
      if (place) return location.replace(place);
      setSession(loaded);
      setFailure("");
    } catch (error) {
      setFailure((error as Error).message);
    }
  }, []);
  useEffect(() => void load(), [load]);

  return (
    <main className="card">
      <h1>Wardship</h1>
      {failure && <p role="alert">{failure}</p>}
      {session && !session.account && <SignIn session={session} onDone={load} />}
      {session?.account && <Welcome session={session} onSignedOut={load} />}
    </main>
  );
}

/** Where somebody goes who is signed in: to the page that was wanted, the privacy team to its queue, others to their only organisation. */
function placeToGo(session: Session): string | undefined {
  const wanted = cameFrom() ?? sessionStorage.getItem(WANTED);
  sessionStorage.removeItem(WANTED);
  if (wanted) return wanted;
  if (choosesFreely(session)) return PRIVACY_QUEUE;
  const [only, ...others] = session.organisations;
  return only && others.length === 0 && !isOperator(session) ? placeOf(only.slug) : undefined;
}

function rememberWanted(): undefined {
  const wanted = cameFrom();
  if (wanted) sessionStorage.setItem(WANTED, new URL(wanted, location.origin).pathname);
}

function placeOf(slug: string): string {
  return `/console/o/${encodeURIComponent(slug)}`;
}

/** The page that somebody wanted before signing in: one of this server's for people, whatever the address says. */
function cameFrom(): string | undefined {
  const wanted = decodeURI(location.hash.slice(1));
  if (wanted === "explorer") return EXPLORER;
  const address = URL.canParse(wanted, location.origin) ? new URL(wanted, location.origin) : undefined;
  return address?.origin === location.origin && /^\/(?:auth|console|invitations|oauth)\//.test(address.pathname) ? wanted : undefined;
}

function Welcome({ session, onSignedOut }: { session: Session; onSignedOut: () => Promise<void> }) {
  const [failure, setFailure] = useState("");
  const leave = async () => {
    try {
      await signOut(session);
      await onSignedOut();
    } catch (error) {
      setFailure((error as Error).message);
    }
  };
  return (
    <>
      <p role="status">
        <Trans>
          Signed in as <strong>{personName(session)}</strong>.
        </Trans>
      </p>
      <Places session={session} onAgain={onSignedOut} />
      <ul className="ways">
        <li>
          <a href={EXPLORER}>
            <Trans>Open the explorer</Trans>
          </a>
        </li>
        <li>
          <a href="/auth/security">
            <Trans>What opens your account</Trans>
          </a>
        </li>
      </ul>
      <button type="button" onClick={() => void leave()}>
        <Trans>Sign out</Trans>
      </button>
      {failure && <p role="alert">{failure}</p>}
    </>
  );
}

/** The organisations that somebody may go to, each by a link. */
function Places({ session, onAgain }: { session: Session; onAgain: () => Promise<void> }) {
  const isNowhere = session.organisations.length === 0 && !isOperator(session);
  useEffect(() => {
    if (!isNowhere) return;
    // What a person was promised is given a moment after the second factor: an organisation to own, a domain's membership.
    const timer = setInterval(() => void onAgain(), ASKED_AGAIN_MS);
    const end = setTimeout(() => clearInterval(timer), ASKED_FOR_MS);
    return () => [timer, end].forEach(clearTimeout);
  }, [isNowhere, onAgain]);
  if (isNowhere) {
    return (
      <p>
        <Trans>You belong to no organisation here. Who invites you sends a link to your mailbox; what was set up for you opens here in a moment.</Trans>{" "}
        {session.provider && (
          <a href={`${placeOf(session.provider)}/me/requests`}>
            <Trans>Your own pages</Trans>
          </a>
        )}
      </p>
    );
  }
  return (
    <ul className="places">
      {isOperator(session) && (
        <li>
          <a href="/console/disputes">
            <Trans>Domains in dispute between organisations</Trans>
          </a>
        </li>
      )}
      {session.organisations.map(({ slug, name }) => (
        <li key={slug}>
          <a href={placeOf(slug)}>
            <bdi>{name}</bdi>
          </a>
        </li>
      ))}
    </ul>
  );
}

export async function start(place: HTMLElement): Promise<void> {
  await startLanguage();
  createRoot(place).render(
    <StrictMode>
      <I18nProvider i18n={i18n}>
        <Console />
      </I18nProvider>
    </StrictMode>,
  );
}
