/** Header, navigation and the page: who looks is known from the page's first answer. */

import { Trans, useLingui } from "@lingui/react/macro";
import { Outlet, useMatches, useParams, useRouterState } from "@tanstack/react-router";
import { Suspense, useMemo, useState } from "react";
import { Provider as ClientProvider } from "urql";
import { makeClient } from "../api/client";
import { ShellAsking } from "../api/shell_asking";
import { useSession } from "../api/session_store";
import { useIsSecondStepAsked } from "../api/step_up_store";
import { opened } from "../components/opened";
import { PageSkeleton } from "../components/states";
import { Boundary } from "./boundary";
import css from "./frame.module.css";
import { Header } from "./header";
import { Keys } from "./keys_of_shell";
import { Navigation } from "./navigation";
import { OutcomeProvider } from "./outcomes";
import { UnknownPage } from "./unknown_page";
import { useAsking } from "./use_asking";
import { useViewer, type Viewer, ViewerProvider } from "./viewer";

const SignInAgain = opened(() => import("./sign_in_again"), "SignInAgain");
const StepUp = opened(() => import("./step_up"), "StepUp");

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
  const { viewer, isNobody, asking } = useAsking();
  const [isMenuOpen, setIsMenuOpen] = useState(false);
  return (
    <ViewerProvider value={viewer}>
      <a className={css.skip} href="#main">
        <Trans>Skip to the page</Trans>
      </a>
      <div className={css.frame} data-unknown={viewer ? undefined : true}>
        <Header viewer={viewer} isMenuOpen={isMenuOpen} onMenu={() => setIsMenuOpen(!isMenuOpen)} />
        <Navigation isOpen={isMenuOpen} onClose={() => setIsMenuOpen(false)} />
        <ShellAsking value={asking}>
          <Main isNobody={isNobody && !viewer} />
        </ShellAsking>
      </div>
      <Keys />
      <Overlays />
    </ViewerProvider>
  );
}

function Main({ isNobody }: { isNobody: boolean }) {
  const { t } = useLingui();
  const path = useMatches({ select: (matches) => matches.at(-1)?.pathname ?? "" });
  const isLeaving = useRouterState({ select: ({ status }) => status === "pending" });
  return (
    <main id="main" tabIndex={-1} className={css.main} aria-label={t`Page`} aria-busy={isLeaving || undefined}>
      <OutcomeProvider key={path}>
        <Boundary key={path}>
          <Suspense fallback={<PageSkeleton />}>{isNobody ? <UnknownPage /> : <Seen />}</Suspense>
        </Boundary>
      </OutcomeProvider>
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
    <>
      {isOver && <SignInAgain />}
      {isSecondStepAsked && !isOver && <StepUp />}
    </>
  );
}
