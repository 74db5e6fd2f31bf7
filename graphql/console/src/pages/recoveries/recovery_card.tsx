import { Plural, Trans, useLingui } from "@lingui/react/macro";
import { useState } from "react";
import type { ResultOf } from "../../api/graphql";
import { useCommand } from "../../api/use_command";
import { Refusals } from "../../components/act_failures";
import { Badge } from "../../components/badge";
import { Button, Buttons } from "../../components/button";
import { CommandForm } from "../../components/command_form";
import { Dialog } from "../../components/dialog";
import { Tick } from "../../components/fields";
import { Deadline } from "../../components/moment";
import { Person } from "../../components/person";
import { Reason } from "../../components/states";
import { useTell } from "../../shell/outcomes";
import { useMay } from "../../shell/viewer";
import { ApproveRecoveryMutation, DeclineRecoveryMutation, type RecoveryFields } from "./documents";
import css from "../../components/decisions.module.css";
import { RECOVERY_STATE_NAMES, RECOVERY_STATE_TONES } from "./words";

type Recovery = ResultOf<typeof RecoveryFields>;

const APPROVALS = 2;

interface Properties {
  recovery: Recovery;
  refresh: () => void;
}

export function RecoveryCard({ recovery, refresh }: Properties) {
  const { i18n, t } = useLingui();
  const tell = useTell();
  const [isApproving, setIsApproving] = useState(false);
  const declining = useCommand(DeclineRecoveryMutation);
  const { state, member, address, createdAt, isAskedByOwner, endedAt } = recovery;
  const decline = async () => {
    if (!(await declining.run({ input: { recoveryId: recovery.id } }))) return;
    tell({ text: t`Declined: the second factor stays, and the owner is told.` });
    refresh();
  };
  return (
    <li className={css.card}>
      <div className={css.head}>
        <h2>{member ? <Person person={member} /> : <bdi>{address || t`Account`}</bdi>}</h2>
        <Badge tone={RECOVERY_STATE_TONES[state]}>{i18n._(RECOVERY_STATE_NAMES[state])}</Badge>
      </div>
      <p>
        {isAskedByOwner ? (
          <Trans>
            Asked for at the sign-in page on <Deadline at={createdAt} isOver />, by somebody who knew the password.
          </Trans>
        ) : (
          <Trans>
            Asked for by an administrator on <Deadline at={createdAt} isOver />.
          </Trans>
        )}{" "}
        {endedAt === null && <Next recovery={recovery} />}
      </p>
      {endedAt === null && (
        <Buttons>
          {state === "ASKED" && (
            <Button kind="main" onPress={() => setIsApproving(true)}>
              <Trans>Approve…</Trans>
            </Button>
          )}
          <Button isPending={declining.isRunning} onPress={() => void decline()}>
            <Trans>Decline</Trans>
          </Button>
        </Buttons>
      )}
      <Refusals refusals={declining.refusals} />
      {declining.failure && <Reason failure={declining.failure} isAct />}
      {isApproving && <ApproveDialog recovery={recovery} onClose={() => setIsApproving(false)} onDone={refresh} />}
    </li>
  );
}

function Next({ recovery: { state, approvals, actsAt } }: { recovery: Recovery }) {
  if (state === "ASKED") {
    return (
      <>
        <Plural value={APPROVALS - approvals} one="# approval is missing." other="# approvals are missing." />{" "}
        <Trans>
          If nobody decides, the clock leads on at <Deadline at={actsAt} />.
        </Trans>
      </>
    );
  }
  if (state === "APPROVED") {
    return (
      <Trans>
        The link is mailed at <Deadline at={actsAt} />, unless somebody declines it or the owner calls it off.
      </Trans>
    );
  }
  return (
    <Trans>
      The link ends at <Deadline at={actsAt} />.
    </Trans>
  );
}

function ApproveDialog({ recovery, onClose, onDone }: { recovery: Recovery; onClose: () => void; onDone: () => void }) {
  const { t } = useLingui();
  const tell = useTell();
  const command = useCommand(ApproveRecoveryMutation);
  const isAtProvider = useMay("ACCOUNTS_RECOVER");
  const [replacesPassword, setReplacesPassword] = useState(false);
  const approve = async () => {
    const done = await command.run({ input: { recoveryId: recovery.id, replacesPassword } });
    if (!done?.recovery) return;
    tell({ text: done.recovery.state === "ASKED" ? t`Approved: another person has to approve it too.` : t`Approved: after 48 hours the link is mailed.` });
    onClose();
    onDone();
  };
  return (
    <Dialog title={t`Approve the recovery`} onClose={onClose} isAlert>
      <CommandForm act={t`I have made sure who asks: approve`} onSubmit={approve} onCancel={onClose} command={command} fields={["replacesPassword"]}>
        <p>
          <Trans>
            Whoever gets the link can sign in as this person. Make sure first who asks: meet, or call a number that you know. Never by the mail that asked you.
          </Trans>
        </p>
        {isAtProvider && (
          <Tick isSelected={replacesPassword} onChange={setReplacesPassword}>
            <Trans>The password is lost too (only if both who approve say so)</Trans>
          </Tick>
        )}
      </CommandForm>
    </Dialog>
  );
}
