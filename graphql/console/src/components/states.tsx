/** What stands where rows will stand: before they are there, when there are none, and when they can't be had. */

import { Trans, useLingui } from "@lingui/react/macro";
import { useMatches } from "@tanstack/react-router";
import type { ReactNode } from "react";
import type { Failure } from "../api/failures";
import { Button } from "./button";
import css from "./states.module.css";

const LINES = 8;

/** As high as what comes; it shows after a moment only, so that quick answers don't flicker. */
export function Skeleton({ lines = LINES }: { lines?: number }) {
  const { t } = useLingui();
  return (
    <div className={css.skeleton} role="status" aria-label={t`Loading`}>
      {Array.from({ length: lines }, (_, line) => (
        <span key={line} className={css.line} />
      ))}
    </div>
  );
}

/** A page that is being loaded: what it is called is known. */
export function PageSkeleton() {
  const { t, i18n } = useLingui();
  const title = useMatches({ select: (matches) => matches.at(-1)?.staticData.title });
  return (
    <div className={css.page}>
      <h1>{title ? i18n._(title) : t`Loading`}</h1>
      <Skeleton />
    </div>
  );
}

/** Nothing is there: what would stand here, and what to do next. */
export function Empty({ children, act }: { children: ReactNode; act?: ReactNode }) {
  return (
    <div className={css.empty}>
      <p>{children}</p>
      {act}
    </div>
  );
}

/** Why a part of the page is not there; the rest stays. */
export function Failed({ failure, onRetry }: { failure: Failure; onRetry: () => void }) {
  return (
    <div className={css.failed}>
      <Reason failure={failure} />
      <Button onPress={onRetry}>
        <Trans>Try again</Trans>
      </Button>
    </div>
  );
}

/** Why something failed, in words, with the id by which the provider finds it in its log. */
export function Reason({ failure, isAct = false }: { failure: Failure; isAct?: boolean }) {
  return (
    <div role="alert" className={css.reason}>
      <p>
        <Words failure={failure} isAct={isAct} />
      </p>
      {failure.requestId && (
        <p className={css.id}>
          <Trans>
            Request id: <code>{failure.requestId}</code>
          </Trans>
        </p>
      )}
    </div>
  );
}

function Words({ failure, isAct }: { failure: Failure; isAct: boolean }) {
  if (failure.kind === "refused") return failure.message;
  if (failure.kind === "fault") return <Trans>Something went wrong on our side. If it happens again, tell the provider the request id.</Trans>;
  return isAct ? (
    <Trans>The server could not be reached, and whether this was done can't be told. What you entered is kept.</Trans>
  ) : (
    <Trans>The server could not be reached. Look at your connection, then try again.</Trans>
  );
}

interface Asking {
  data: unknown;
  failure: Failure | undefined;
  isLoading: boolean;
  refresh: () => void;
}

/** A part of a page: its skeleton, then what it shows, or why it can't. */
export function Part({ asked, lines, children }: { asked: Asking; lines?: number; children: ReactNode }) {
  if (asked.failure) return <Failed failure={asked.failure} onRetry={asked.refresh} />;
  if (asked.data === undefined) return <Skeleton {...(lines === undefined ? {} : { lines })} />;
  return (
    <div aria-busy={asked.isLoading} className={css.part}>
      {children}
    </div>
  );
}
