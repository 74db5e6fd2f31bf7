import { Trans, useLingui } from "@lingui/react/macro";
import { useState } from "react";
import type { ResultOf } from "../../api/graphql";
import { useCommand } from "../../api/use_command";
import { Refusals } from "../../components/act_failures";
import { Button, Buttons } from "../../components/button";
import decisions from "../../components/decisions.module.css";
import { HarmDialog } from "../../components/harm";
import { Deadline } from "../../components/moment";
import { Reason } from "../../components/states";
import { useTell } from "../../shell/outcomes";
import { ApproveHeldMutation, type QueueQuery, RefuseHeldMutation } from "./documents";
import { InOrganisation } from "./in_organisation";
import css from "./privacy.module.css";

type Held = ResultOf<typeof QueueQuery>["heldDeletions"]["edges"][number]["node"];

/** Deletions beyond the limit of a day, where nobody else in the organisation could approve them. */
export function HeldDeletions({ held, refresh }: { held: readonly Held[]; refresh: () => void }) {
  return (
    <section aria-labelledby="held" className={css.section}>
      <h2 id="held">
        <Trans>Deletions that wait for you</Trans>
      </h2>
      <ul className={decisions.list}>
        {held.map((one) => (
          <InOrganisation key={one.approvalId} slug={one.organisation}>
            <Card held={one} refresh={refresh} />
          </InOrganisation>
        ))}
      </ul>
    </section>
  );
}

function Card({ held, refresh }: { held: Held; refresh: () => void }) {
  const { t } = useLingui();
  const tell = useTell();
  const [isApproving, setIsApproving] = useState(false);
  const approving = useCommand(ApproveHeldMutation);
  const refusing = useCommand(RefuseHeldMutation);
  const input = { approvalId: held.approvalId };
  const approve = async () => {
    if (!(await approving.run({ input }))) return;
    tell({ text: t`Approved: it is done.` });
    setIsApproving(false);
    refresh();
  };
  const refuse = async () => {
    if (!(await refusing.run({ input }))) return;
    tell({ text: t`Refused: nothing is done, and who asked is told.` });
    refresh();
  };
  const deed = held.kind === "REMOVE_MEMBER" ? t`Remove a member` : t`Erase a member`;
  return (
    <li className={decisions.card}>
      <p>
        <strong>{deed}</strong> – <bdi>{held.organisationName}</bdi>
      </p>
      <p>
        <Trans>
          Asked for on <Deadline at={held.askedAt} isOver />. If nobody decides by <Deadline at={held.expiresAt} />, nothing is done.
        </Trans>
      </p>
      <Buttons>
        <Button kind="main" onPress={() => setIsApproving(true)}>
          <Trans>Approve…</Trans>
        </Button>
        <Button isPending={refusing.isRunning} onPress={() => void refuse()}>
          <Trans>Refuse</Trans>
        </Button>
      </Buttons>
      <Refusals refusals={refusing.refusals} />
      {refusing.failure && <Reason failure={refusing.failure} isAct />}
      {isApproving && (
        <HarmDialog
          title={deed}
          act={deed}
          figures={[
            { label: t`Organisation`, value: <bdi>{held.organisationName}</bdi> },
            { label: t`Members`, value: 1 },
          ]}
          people={1}
          objectName={held.organisationName}
          delay={<Trans>Many members were deleted there within a day. Approve only if that is what the organisation wants.</Trans>}
          command={approving}
          onCommit={approve}
          onClose={() => setIsApproving(false)}
        />
      )}
    </li>
  );
}
