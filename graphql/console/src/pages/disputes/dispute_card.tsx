import { Trans, useLingui } from "@lingui/react/macro";
import { useState } from "react";
import type { ResultOf } from "../../api/graphql";
import { Badge } from "../../components/badge";
import { Button, Buttons } from "../../components/button";
import css from "../../components/decisions.module.css";
import { Deadline, Moment } from "../../components/moment";
import { DecideDialog } from "./decide_dialog";
import type { DisputeFields, ExamineMutation } from "./documents";
import { ExamineDialog } from "./examine_dialog";

export type Dispute = ResultOf<typeof DisputeFields>;
export type Side = ResultOf<typeof ExamineMutation>["examineDomainDispute"]["sides"][number];

interface Properties {
  dispute: Dispute;
  refresh: () => void;
}

/** One dispute: both sides are shown once somebody has said why they are looked at. */
export function DisputeCard({ dispute, refresh }: Properties) {
  const { t } = useLingui();
  const [open, setOpen] = useState<"examine" | "decide">();
  const [sides, setSides] = useState<readonly Side[]>([]);
  const { displayName, stateSince, stateUntil, examinedUntil } = dispute;
  const close = () => setOpen(undefined);
  const isExamined = examinedUntil !== null && new Date(examinedUntil) > new Date();
  return (
    <li className={css.card}>
      <div className={css.head}>
        <h2>
          <bdi>{displayName}</bdi>
        </h2>
        {isExamined ? <Badge tone="info">{t`Being looked at`}</Badge> : <Badge tone="warn">{t`Waits`}</Badge>}
      </div>
      <p>
        <Trans>
          In dispute since <Deadline at={stateSince} isOver />.
        </Trans>{" "}
        {stateUntil && (
          <Trans>
            If nobody decides, it stays with its holder on <Deadline at={stateUntil} />.
          </Trans>
        )}
      </p>
      {sides.map((side) => (
        <SideOf key={side.organisation} side={side} />
      ))}
      <Buttons>
        <Button kind={isExamined ? "plain" : "main"} onPress={() => setOpen("examine")}>
          {isExamined ? <Trans>Look at both sides again…</Trans> : <Trans>Look at both sides…</Trans>}
        </Button>
        {isExamined && (
          <Button kind="main" onPress={() => setOpen("decide")}>
            <Trans>Decide…</Trans>
          </Button>
        )}
      </Buttons>
      {open === "examine" && <ExamineDialog dispute={dispute} onClose={close} onSeen={setSides} />}
      {open === "decide" && <DecideDialog dispute={dispute} onClose={close} onDone={refresh} />}
    </li>
  );
}

function SideOf({ side: { organisationName, isHolder, heldName, provenAt, checkedAt, evidence } }: { side: Side }) {
  return (
    <section>
      <h3>
        <bdi>{organisationName}</bdi> {isHolder ? <Trans>holds it</Trans> : <Trans>claims it</Trans>}
      </h3>
      <p>
        {provenAt ? (
          <Trans>
            The record of <bdi>{heldName}</bdi> was found last <Moment at={provenAt} />.
          </Trans>
        ) : (
          <Trans>No record was found yet.</Trans>
        )}{" "}
        {checkedAt && (
          <Trans>
            Looked up last <Moment at={checkedAt} />.
          </Trans>
        )}
      </p>
      {evidence.map(({ createdAt, text }) => (
        <blockquote key={createdAt} dir="auto">
          {text}
        </blockquote>
      ))}
    </section>
  );
}
