/** The explorer: GraphiQL for the person who is signed in. */

import "graphiql/setup-workers/vite";
import "graphiql/style.css";
import "./explorer.css";
import { HISTORY_PLUGIN } from "@graphiql/plugin-history";
import { GraphiQL } from "graphiql";
import { StrictMode, useEffect, useMemo, useRef } from "react";
import { createRoot } from "react-dom/client";
import { type Credentials, makeFetcher } from "./fetcher";
import { OrganisationChoice, useOrganisation } from "./organisation";
import { READY_QUERIES, readyQueries } from "./ready_queries";
import { loadSession, personName, type Session } from "../sign_in/session";

const FIRST_TABS = 3;
const PLUGINS = [READY_QUERIES, HISTORY_PLUGIN];

function Explorer({ session }: { session: Session }) {
  const [organisation, choose] = useOrganisation(session);
  const credentials = useRef<Credentials>({ csrfToken: session.csrf_token, organisation });
  useEffect(() => {
    credentials.current.organisation = organisation;
  }, [organisation]);
  const fetcher = useMemo(
    () =>
      makeFetcher(
        () => credentials.current,
        (csrfToken) => {
          credentials.current.csrfToken = csrfToken;
        },
      ),
    [],
  );
  return (
    <div className="explorer">
      <header className="bar">
        <h1>Wardship explorer</h1>
        <OrganisationChoice session={session} chosen={organisation} onChoose={choose} />
        <span className="person">{personName(session)}</span>
        <a href="/console">Console</a>
      </header>
      <main>
        {/* What was typed may name people: it is kept for this tab only, not for the next user of the browser. */}
        <GraphiQL
          fetcher={fetcher}
          storage={sessionStorage}
          shouldPersistHeaders={false}
          showPersistHeadersSettings={false}
          defaultTabs={readyQueries.slice(0, FIRST_TABS).map(({ query }) => ({ query }))}
          plugins={PLUGINS}
          visiblePlugin={READY_QUERIES}
        >
          <GraphiQL.Logo>
            <span />
          </GraphiQL.Logo>
        </GraphiQL>
      </main>
    </div>
  );
}

function SignInFirst({ message }: { message: string }) {
  return (
    <main className="card">
      <h1>Wardship explorer</h1>
      <p role="status">{message}</p>
      <p>
        <a className="action" href="/console#explorer">
          Sign in
        </a>
      </p>
    </main>
  );
}

async function start(): Promise<void> {
  const root = createRoot(document.getElementById("root")!);
  try {
    const session = await loadSession();
    root.render(
      <StrictMode>
        {session.account ? <Explorer session={session} /> : <SignInFirst message="You are not signed in." />}
      </StrictMode>,
    );
  } catch (error) {
    root.render(<SignInFirst message={(error as Error).message} />);
  }
}

void start();
