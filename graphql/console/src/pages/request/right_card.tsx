/** One right: what is asked, where it stands, who acts next, and what this person can do about it. */

import { Trans, useLingui } from "@lingui/react/macro";
import { Badge } from "../../components/badge";
import { Deadline } from "../../components/moment";
import { Person } from "../../components/person";
import { KIND_NAMES, STATE_NAMES, STATE_TONES, wordOf } from "../../words/requests";
import { Decide } from "./decide";
import { Details } from "./details";
import { Erasure } from "./erasure";
import { Recipients } from "./recipients";
import { Remainders } from "./remainders";
import css from "./request.module.css";
import { Standing } from "./standing";
import { type Request, type Right, useDeciding } from "./types";
import { DECISION_NAMES, OUTCOME_NAMES } from "./words";

interface Properties {
  request: Request;
  right: Right;
  refresh: () => void;
}

export function RightCard({ request, right, refresh }: Properties) {
  const { i18n } = useLingui();
  const { decides } = useDeciding(request);
  const isDecided = right.state === "WITH_ADMIN" || right.state === "WITH_PRIVACY_TEAM";
  const mayAct = request.identity === "VERIFIED" && decides(right.handler);
  const title = `right-${right.id}`;
  return (
    <section className={css.card} aria-labelledby={title}>
      <div className={css.cardHead}>
        <h2 id={title}>{i18n._(KIND_NAMES[right.kind])}</h2>
        <Badge tone={STATE_TONES[right.state]}>{i18n._(STATE_NAMES[right.state])}</Badge>
      </div>
      <Details right={right} />
      {right.decisionCode && <Decision right={right} />}
      <Standing request={request} right={right} mayAct={mayAct} />
      {isDecided && mayAct && <Decide request={request} right={right} refresh={refresh} />}
      {right.kind === "ERASURE" && <Erasure request={request} right={right} mayAct={mayAct} refresh={refresh} />}
      {right.outcome.length > 0 && (
        <ul>
          {right.outcome.map((code) => (
            <li key={code}>{wordOf(OUTCOME_NAMES, i18n, code)}</li>
          ))}
        </ul>
      )}
      <Recipients right={right} />
      <Remainders right={right} mayAct={mayAct} refresh={refresh} />
    </section>
  );
}

function Decision({ right }: { right: Right }) {
  const { i18n } = useLingui();
  const decision = wordOf(DECISION_NAMES, i18n, right.decisionCode);
  return (
    <div className={css.decision}>
      <p>
        <strong>{decision}</strong> {right.decidedBy && <Person person={right.decidedBy} />} {right.decidedAt && <Deadline at={right.decidedAt} isOver />}
      </p>
      {right.decisionReason && <blockquote dir="auto">{right.decisionReason}</blockquote>}
      {right.limitation && (
        <p>
          <Trans>Withheld or kept:</Trans> <bdi>{right.limitation}</bdi>{" "}
          {!right.isLimitationEnforced && <Trans>(words from before limitations named anything: nothing follows from them)</Trans>}
        </p>
      )}
    </div>
  );
}
