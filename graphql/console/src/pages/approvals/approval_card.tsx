import { Trans, useLingui } from "@lingui/react/macro";
import { useState } from "react";
import type { ResultOf } from "../../api/graphql";
import { useCommand } from "../../api/use_command";
import { Refusals } from "../../components/act_failures";
import { Badge } from "../../components/badge";
import { Button, Buttons } from "../../components/button";
import { HarmDialog } from "../../components/harm";
import { Deadline } from "../../components/moment";
import { Person } from "../../components/person";
import { Reason } from "../../components/states";
import { useTell } from "../../shell/outcomes";
import { useMay, useViewer } from "../../shell/viewer";
import css from "../../components/decisions.module.css";
import { ApproveDeletionMutation, type ApprovalFields, RefuseDeletionMutation, WithdrawDeletionMutation } from "./documents";
import { APPROVAL_STATE_NAMES, APPROVAL_STATE_TONES } from "./words";

type Approval = ResultOf<typeof ApprovalFields>;

interface Properties {
  approval: Approval;
  refresh: () => void;
}

export function ApprovalCard({ approval, refresh }: Properties) {
  const { i18n } = useLingui();
  const { kind, state, member, askedBy, decidedBy, createdAt, expiresAt, decidedAt, isWithPrivacyTeam } = approval;
  return (
    <li className={css.card}>
      <div className={css.head}>
        <h2>{kind === "REMOVE_MEMBER" ? <Trans>Remove <Person person={member} /></Trans> : <Trans>Erase <Person person={member} /></Trans>}</h2>
        <Badge tone={APPROVAL_STATE_TONES[state]}>{i18n._(APPROVAL_STATE_NAMES[state])}</Badge>
      </div>
      <p>
        {askedBy ? (
          <Trans>
            Asked for by <Person person={askedBy} /> on <Deadline at={createdAt} isOver />.
          </Trans>
        ) : (
          <Trans>
            Asked for by the privacy team on <Deadline at={createdAt} isOver />.
          </Trans>
        )}{" "}
        {decidedAt && (
          <>
            {decidedBy && <Person person={decidedBy} />} <Deadline at={decidedAt} isOver />
          </>
        )}
      </p>
      {state === "ASKED" && (
        <>
          <p>
            <Trans>
              If nobody decides by <Deadline at={expiresAt} />, nothing is done.
            </Trans>{" "}
            {isWithPrivacyTeam && <Trans>Nobody else here could approve it: the provider's privacy team decides.</Trans>}
          </p>
          <Acts approval={approval} refresh={refresh} />
        </>
      )}
    </li>
  );
}

function Acts({ approval, refresh }: Properties) {
  const { t } = useLingui();
  const tell = useTell();
  const viewer = useViewer();
  const mayDecide = useMay("DELETIONS_APPROVE");
  const [isApproving, setIsApproving] = useState(false);
  const refusing = useCommand(RefuseDeletionMutation);
  const withdrawing = useCommand(WithdrawDeletionMutation);
  const me = viewer?.member?.id;
  const isMine = me !== undefined && approval.askedBy?.id === me;
  const isMe = me !== undefined && approval.member?.id === me;
  const input = { approvalId: approval.id };
  const refuse = async () => {
    if (!(await refusing.run({ input }))) return;
    tell({ text: t`Refused: nothing is done, and who asked is told.` });
    refresh();
  };
  const withdraw = async () => {
    if (!(await withdrawing.run({ input }))) return;
    tell({ text: t`Taken back: nothing is done.` });
    refresh();
  };
  const command = withdrawing.refusals.length || withdrawing.failure ? withdrawing : refusing;
  return (
    <>
      <Buttons>
        {isMine && (
          <Button isPending={withdrawing.isRunning} onPress={() => void withdraw()}>
            <Trans>Take back</Trans>
          </Button>
        )}
        {mayDecide && !isMine && !isMe && !approval.isWithPrivacyTeam && (
          <>
            <Button kind="main" onPress={() => setIsApproving(true)}>
              <Trans>Approve…</Trans>
            </Button>
            <Button isPending={refusing.isRunning} onPress={() => void refuse()}>
              <Trans>Refuse</Trans>
            </Button>
          </>
        )}
      </Buttons>
      <Refusals refusals={command.refusals} />
      {command.failure && <Reason failure={command.failure} isAct />}
      {isApproving && <ApproveDialog approval={approval} onClose={() => setIsApproving(false)} onDone={refresh} />}
    </>
  );
}

function ApproveDialog({ approval, onClose, onDone }: { approval: Approval; onClose: () => void; onDone: () => void }) {
  const { t } = useLingui();
  const tell = useTell();
  const command = useCommand(ApproveDeletionMutation);
  const { kind, member, askedBy } = approval;
  const isRemoval = kind === "REMOVE_MEMBER";
  const name = member?.displayName ?? t`this member`;
  const approve = async () => {
    if (!(await command.run({ input: { approvalId: approval.id } }))) return;
    tell({ text: isRemoval ? t`Approved: ${name} is removed.` : t`Approved: ${name} is erased in 14 days, and until then it can be called off.` });
    onClose();
    onDone();
  };
  return (
    <HarmDialog
      title={isRemoval ? t`Remove ${name}` : t`Erase ${name}`}
      act={isRemoval ? t`Remove ${name}` : t`Erase ${name} in 14 days`}
      figures={[
        { label: t`Member`, value: <bdi>{name}</bdi> },
        { label: t`Wanted by`, value: askedBy ? <bdi>{askedBy.displayName}</bdi> : t`The privacy team` },
        { label: t`Second person`, value: t`You` },
      ]}
      people={1}
      objectName={name}
      delay={
        isRemoval ? (
          <Trans>The membership ends at once, and recipients are told. For 90 days it can be restored; then the erasure is asked for.</Trans>
        ) : (
          <Trans>What was previewed is erased after 14 days; until then it can be called off on the page of the request.</Trans>
        )
      }
      command={command}
      onCommit={approve}
      onClose={onClose}
    />
  );
}
