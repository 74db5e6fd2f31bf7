import { Trans } from "@lingui/react/macro";
import { Deadline } from "../../components/moment";
import css from "./request.module.css";
import type { Request } from "./types";

type Step = Request["nextSteps"][number];

/** What the clocks do if nobody acts: the first of it stands out. */
export function NextBox({ request }: { request: Request }) {
  const [first] = request.nextSteps;
  if (!first) return null;
  return (
    <section className={css.next} data-late={request.lateSince !== null || undefined} aria-labelledby="next">
      <h2 id="next">
        <Trans>If nobody acts</Trans>
      </h2>
      <ul>
        {request.nextSteps.map((step) => (
          <li key={step.effect + step.at}>
            <Deadline at={step.at} />
            <span>
              <Effect step={step} request={request} />
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}

export function Effect({ step, request }: { step: Step; request: Request }) {
  switch (step.effect) {
    case "EXPIRES":
      return <Trans>the request expires, because the person has not proven the identity.</Trans>;
    case "GOES_TO_PRIVACY_TEAM":
      return request.acknowledgedAt === null ? (
        <Trans>the provider's privacy team decides, because nobody acknowledged it. Meanwhile the data rests.</Trans>
      ) : (
        <Trans>the provider's privacy team decides, because nobody decided. Meanwhile the data rests.</Trans>
      );
    case "IS_LATE":
      return <Trans>the request is late: the person is told, and may complain to the authority. What has not begun rests until it is answered.</Trans>;
    case "IS_ERASED":
      return <Trans>everything that was previewed is erased, for good.</Trans>;
    case "FINDS_ARE_DECIDED":
      return <Trans>the clock decides on texts that may mean the person, then the erasure goes on.</Trans>;
  }
}
