/** How far the work at a third party has come, told by the server as it happens. */

import { Plural, Trans } from "@lingui/react/macro";
import { useEffect, useRef } from "react";
import { useSubscription } from "urql";
import type { Installation } from "./installation_page";
import { ProgressSubscription } from "./documents";
import css from "./installation.module.css";

/** In these something is going on that a person waits for. */
const MOVING = new Set(["INSTALLED", "CHECKED", "REVOKING", "REVOCATION_OVERDUE"]);

export function Live({ installation, onChange }: { installation: Installation; onChange: () => void }) {
  const { id, state } = installation;
  const [{ data }] = useSubscription({ query: ProgressSubscription, variables: { id }, pause: state === "REMOVED" });
  const now = data?.installationProgress;
  const shown = now?.installation.state ?? state;
  const before = useRef(state);
  useEffect(() => {
    // A new state changes what can be done here: the page is asked again, once.
    if (before.current !== shown) onChange();
    before.current = shown;
  }, [shown, onChange]);
  if (!now || (!MOVING.has(shown) && now.waiting === 0 && now.withPeople === 0)) return null;
  const { waiting, withPeople, done, failed } = now;
  const all = Math.max(1, waiting + withPeople + done + failed);
  return (
    <section className={css.panel} role="status">
      <h2>
        <Title state={shown} />
      </h2>
      <svg className={css.bar} viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden width="100%">
        <rect className={css.doneBar} width={(100 * done) / all} height={4} />
        <rect className={css.failedBar} x={(100 * done) / all} width={(100 * failed) / all} height={4} />
      </svg>
      <p>
        <Plural value={waiting} _0="Nothing waits." one="# task is being worked on." other="# tasks are being worked on." />{" "}
        <Plural value={done} _0="None is done yet." one="# is done." other="# are done." />{" "}
        {failed > 0 && <Plural value={failed} one="# failed." other="# failed." />}{" "}
        {withPeople > 0 && <Plural value={withPeople} one="# waits for a person: see the tasks." other="# wait for a person: see the tasks." />}
      </p>
    </section>
  );
}

function Title({ state }: { state: string }) {
  if (state === "INSTALLED") return <Trans>The connection is being checked</Trans>;
  if (state === "CHECKED") return <Trans>The connection works. What you allowed is about to be sent</Trans>;
  if (state === "REVOKING" || state === "REVOCATION_OVERDUE") return <Trans>It is being taken away: what it holds is erased and looked up</Trans>;
  return <Trans>Data is on its way</Trans>;
}
