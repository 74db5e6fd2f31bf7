/** The console's first page: sign in, see who is signed in, choose the organisation, go on. */

import "./sign_in.css";
import { StrictMode, useCallback, useEffect, useState } from "react";
import { createRoot } from "react-dom/client";
import { OrganisationChoice, useOrganisation } from "../explorer/organisation";
import { loadSession, personName, signOut, type Session } from "./session";
import { SignIn } from "./sign_in";

const EXPLORER = "/console/explorer";

function Console() {
  const [session, setSession] = useState<Session>();
  const [failure, setFailure] = useState("");
  const load = useCallback(async () => {
    try {
      setSession(await loadSession());
      setFailure("");
    } catch (error) {
      setFailure((error as Error).message);
    }
  }, []);
  useEffect(() => void load(), [load]);

  const signedIn = async () => {
    const wanted = cameFrom();
    if (wanted) {
      location.assign(wanted);
    } else {
      await load();
    }
  };
  return (
    <main className="card">
      <h1>Wardship</h1>
      {failure && <p role="alert">{failure}</p>}
      {session && !session.account && <SignIn session={session} onDone={signedIn} />}
      {session?.account && <Welcome session={session} onSignedOut={load} />}
    </main>
  );
}

/** The page that somebody wanted before signing in: one of this console's, whatever the address says. */
function cameFrom(): string | undefined {
  const wanted = decodeURI(location.hash.slice(1));
  if (wanted === "explorer") return EXPLORER;
  const address = URL.canParse(wanted, location.origin) ? new URL(wanted, location.origin) : undefined;
  return address?.origin === location.origin && address.pathname.startsWith("/console/") ? wanted : undefined;
}

function Welcome({ session, onSignedOut }: { session: Session; onSignedOut: () => Promise<void> }) {
  const [organisation, choose] = useOrganisation(session);
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
        Signed in as <strong>{personName(session)}</strong>.
      </p>
      <OrganisationChoice session={session} chosen={organisation} onChoose={choose} />
      <p className="ways-on">
        {organisation && (
          <a className="action" href={`/console/o/${encodeURIComponent(organisation)}`}>
            Open the console
          </a>
        )}{" "}
        <a className={organisation ? undefined : "action"} href={EXPLORER}>
          Open the explorer
        </a>
      </p>
      <p>
        <a href="/auth/security">What opens your account</a>
      </p>
      <button type="button" onClick={() => void leave()}>
        Sign out
      </button>
      {failure && <p role="alert">{failure}</p>}
    </>
  );
}

export function start(place: HTMLElement): void {
  createRoot(place).render(
    <StrictMode>
      <Console />
    </StrictMode>,
  );
}
