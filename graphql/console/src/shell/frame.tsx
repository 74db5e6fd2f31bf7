/** Header, navigation and the page: who looks is known from the page's first answer. */

import { Trans, useLingui } from "@lingui/react/macro";
import { Outlet, useMatches, useParams } from "@tanstack/react-router";
import { lazy, Suspense, useMemo, useRef, useState } from "react";
import { Provider as ClientProvider, useQuery } from "urql";
import { makeClient } from "../api/client";
import { ShellQuery } from "../api/documents";
import { failureOf } from "../api/failures";
import { ShellAsking } from "../api/shell_asking";
import { useSession } from "../api/session_store";
import { useIsSecondStepAsked } from "../api/step_up_store";
import { PageSkeleton } from "../components/states";
import { Boundary } from "./boundary";
import css from "./frame.module.css";
import { Header } from "./header";
import { Keys } from "./keys_of_shell";
import { Navigation } from "./navigation";
import { OutcomeProvider } from "./outcomes";
import { UnknownPage } from "./unknown_page";
import { useViewer, type Viewer, ViewerProvider } from "./viewer";

const SignInAgain = lazy(() => import("./sign_in_again"));
const StepUp = lazy(() => import("./step_up"));

export function Frame() {
  const { organisation } = useParams({ strict: false });
  const { session } = useSession();
  const slug = organisation ?? session.provider ?? null;
  const client = useMemo(() => makeClient(slug), [slug]);
  return (
    <ClientProvider value={client} key={slug}>
      <Shell />
    </ClientProvider>
  );
}

function Shell() {
  const [isAsked, setIsAsked] = useState(false);
  const [{ data, error }] = useQuery({ query: ShellQuery, requestPolicy: isAsked ? "cache-first" : "cache-only" });
  const [isMenuOpen, setIsMenuOpen] = useState(false);
  const viewer = data?.viewer;
  return (
    <ViewerProvider value={viewer}>
      <a className={css.skip} href="#main">
        <Trans>Skip to the page</Trans>
      </a>
      <div className={css.frame}>
        <Header viewer={viewer} isMenuOpen={isMenuOpen} onMenu={() => setIsMenuOpen(!isMenuOpen)} />
        <Navigation isOpen={isMenuOpen} onClose={() => setIsMenuOpen(false)} />
        <Main ask={() => setIsAsked(true)} isNobody={isAsked && failureOf(error) !== undefined && !viewer} />
      </div>
      <Keys />
      <Overlays />
    </ViewerProvider>
  );
}

function Main({ ask, isNobody }: { ask: () => void; isNobody: boolean }) {
  const { t } = useLingui();
  const claimed = useRef(false);
  const asking = useRef({ claim: () => void (claimed.current = true), ask, arrive: () => claimed.current || ask() });
  const path = useMatches({ select: (matches) => matches.at(-1)?.pathname ?? "" });
  return (
    <main id="main" tabIndex={-1} className={css.main} aria-label={t`Page`}>
      <ShellAsking value={asking.current}>
        <OutcomeProvider key={path}>
          <Boundary key={path}>
            <Suspense fallback={<PageSkeleton />}>
              {isNobody ? <UnknownPage /> : <Seen />}
            </Suspense>
          </Boundary>
        </OutcomeProvider>
      </ShellAsking>
    </main>
  );
}

/** The page, for those who may see it; for others there is none. */
function Seen() {
  const viewer = useViewer();
  const allows = useMatches({ select: (matches) => matches.at(-1)?.staticData.allows });
  return viewer && allows && !allows(viewer satisfies Viewer) ? <UnknownPage /> : <Outlet />;
}

function Overlays() {
  const { isOver } = useSession();
  const isSecondStepAsked = useIsSecondStepAsked();
  return (
    <Suspense>
      {isOver && <SignInAgain />}
      {isSecondStepAsked && !isOver && <StepUp />}
    </Suspense>
  );
}
