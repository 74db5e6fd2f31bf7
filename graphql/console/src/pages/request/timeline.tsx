/** What happened, where the request stands now, and which clocks run: one list, in the order of time. */

import { Trans, useLingui } from "@lingui/react/macro";
import type { ReactNode } from "react";
import { Deadline } from "../../components/moment";
import { useFormats } from "../../language/formats";
import { ESCALATION_NAMES, KIND_NAMES, wordOf } from "../../words/requests";
import { CAPACITIES, REQUEST_EVENTS, RIGHT_EVENTS } from "./events";
import { Effect } from "./next_box";
import css from "./request.module.css";
import type { Request } from "./types";


type Event = Request["events"][number];

export function Timeline({ request }: { request: Request }) {
  return (
    <section aria-labelledby="course">
      <h2 id="course">
        <Trans>Course</Trans>
      </h2>
      <ol className={css.timeline}>
        {request.events.map((event, place) => (
          <Happened key={place} event={event} request={request} />
        ))}
        {request.endedAt === null && (
          <li className={css.now} aria-current="step">
            <strong>
              <Trans>Now</Trans>
            </strong>
          </li>
        )}
        <Clocks request={request} />
      </ol>
    </section>
  );
}

function Happened({ event, request }: { event: Event; request: Request }) {
  const { i18n } = useLingui();
  const formats = useFormats();
  const right = request.rights.find(({ id }) => id === event.rightId);
  const text = right ? `${i18n._(KIND_NAMES[right.kind])}: ${wordOf(RIGHT_EVENTS, i18n, event.kind)}` : wordOf(REQUEST_EVENTS, i18n, event.kind);
  const why = event.kind === "with_privacy_team" ? wordOf(ESCALATION_NAMES, i18n, event.reason) : isCode(event.reason) ? "" : event.reason;
  return (
    <li>
      <time dateTime={event.at} className={css.when}>
        {formats.dateTime(event.at)}
      </time>
      <span>{text}</span>
      <span className={css.hint}>{[wordOf(CAPACITIES, i18n, event.by), why].filter(Boolean).join(" – ")}</span>
    </li>
  );
}

/** Words for programs are said in what happened; a person's words are shown as they are. */
function isCode(reason: string): boolean {
  return /^[a-z_]+$/.test(reason);
}

/** The three clocks, and the day of an erasure: each until when, and what follows if nobody acts. */
function Clocks({ request }: { request: Request }) {
  if (request.endedAt !== null) return null;
  const waits = request.identity === "VERIFIED" && request.rights.some(({ state }) => state === "WITH_ADMIN");
  const stepOf = (effect: string) => request.nextSteps.find((step) => step.effect === effect);
  const handedOver = stepOf("GOES_TO_PRIVACY_TEAM");
  const others = request.nextSteps.filter(({ effect }) => effect !== "GOES_TO_PRIVACY_TEAM" && effect !== "IS_LATE");
  const clocks: { at: string; title: ReactNode; step: typeof handedOver }[] = [
    ...(waits && request.acknowledgedAt === null ? [{ at: request.acknowledgeBy, title: <Trans>Acknowledge by</Trans>, step: handedOver }] : []),
    ...(waits ? [{ at: request.decideBy, title: <Trans>Decide by</Trans>, step: request.acknowledgedAt === null ? undefined : handedOver }] : []),
    ...others.map((step) => ({ at: step.at, title: <Trans>By the clock</Trans>, step })),
    { at: request.dueAt, title: <Trans>Answer by</Trans>, step: stepOf("IS_LATE") },
  ];
  clocks.sort((one, other) => one.at.localeCompare(other.at));
  return clocks.map(({ at, title, step }) => (
    <li key={at + (step?.effect ?? "")} className={css.ahead}>
      <strong>{title}</strong>
      <Deadline at={at} />
      {step && (
        <span className={css.hint}>
          <Trans>
            If nobody acts, then <Effect step={step} request={request} />
          </Trans>
        </span>
      )}
    </li>
  ));
}
