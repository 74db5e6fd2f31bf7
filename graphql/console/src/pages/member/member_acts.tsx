/** What can be done to a member; whom one does not stand above, one can't change. */

import { msg } from "@lingui/core/macro";
import { Trans, useLingui } from "@lingui/react/macro";
import { type ReactNode, useState } from "react";
import { useCommand } from "../../api/use_command";
import { type Act, ActsMenu } from "../../components/acts_menu";
import { ActFailures } from "../../components/act_failures";
import { Button } from "../../components/button";
import { useReversible } from "../../components/harm";
import { opened } from "../../components/opened";
import { useKey } from "../../shell/keys";
import { useTell } from "../../shell/outcomes";
import { useMay } from "../../shell/viewer";
import { isAbove } from "../../words/members";
import { BeginRecoveryMutation, DeactivateMemberMutation, DisconnectMutation, EndSessionsMutation, ReactivateMemberMutation, RestoreMemberMutation } from "./acts/documents";
import type { Member, Mine } from "./member_page";

const CorrectEmailDialog = opened(() => import("./correct_email_dialog"), "CorrectEmailDialog");
const EditDialog = opened(() => import("./edit_dialog"), "EditDialog");
const RemoveDialog = opened(() => import("./remove_dialog"), "RemoveDialog");

interface Properties {
  member: Member;
  mine: Mine | undefined;
  isMe: boolean;
  onDone: () => void;
}

export function MemberActs({ member, mine, isMe, onDone }: Properties) {
  const { t } = useLingui();
  const act = useReversible();
  const tell = useTell();
  const [dialog, setDialog] = useState<"edit" | "email" | "remove">();
  const deactivation = useCommand(DeactivateMemberMutation);
  const reactivation = useCommand(ReactivateMemberMutation);
  const restoring = useCommand(RestoreMemberMutation);
  const ending = useCommand(EndSessionsMutation);
  const disconnecting = useCommand(DisconnectMutation);
  const recovering = useCommand(BeginRecoveryMutation);
  const stands = !isMe && isAbove(mine, member.roles);
  const mayRemove = useMay("MEMBERS_REMOVE") && stands;
  const mayUpdate = useMay("MEMBERS_UPDATE") && stands;
  const mayRecover = useMay("MEMBERS_RECOVER") && !isMe;
  const isActive = member.state === "ACTIVE";
  const isDeactivated = member.state === "DEACTIVATED";
  const isPresent = isActive || isDeactivated;
  const input = { input: { memberId: member.id } };
  const name = member.displayName ?? "";
  const deactivate = () =>
    act(() => deactivation.run(input), <Trans><bdi>{name}</bdi> is deactivated: nothing more is shared, everything is kept, and the person is told.</Trans>, () => reactivation.run(input));
  const reactivate = () => act(() => reactivation.run(input), <Trans><bdi>{name}</bdi> is active again.</Trans>, () => deactivation.run(input));
  const say = async (done: Promise<unknown>, text: ReactNode) => {
    if ((await done) !== undefined) tell({ text });
  };
  useKey("d", msg`Deactivate`, () => void deactivate(), mayRemove && isActive);
  const further: Act[] = [
    { id: "edit", label: t`Change the profile…`, run: () => setDialog("edit"), isThere: mayUpdate && isPresent },
    { id: "email", label: t`Correct the e-mail address…`, run: () => setDialog("email"), isThere: mayUpdate && isPresent && !member.joinedAt },
    {
      id: "sessions",
      label: t`End all sessions here`,
      run: () => void say(ending.run(input), <Trans>The sessions of <bdi>{name}</bdi> are ended in this organisation; the person can sign in again.</Trans>),
      isThere: mayRemove && isPresent && member.joinedAt !== null,
    },
    {
      id: "disconnect",
      label: t`Disconnect from the provider of sign-in`,
      run: () => void say(disconnecting.run(input), <Trans>Who <bdi>{name}</bdi> is at the provider is forgotten: the next sign-in by it asks whose account it is.</Trans>),
      isThere: mayRemove && isPresent && member.joinedAt !== null,
    },
    {
      id: "recover",
      label: t`Ask for a new second factor`,
      run: () =>
        void say(recovering.run(input), <Trans>Asked for: another administrator has to approve it under “Account recoveries”, and <bdi>{name}</bdi> is told.</Trans>),
      isThere: mayRecover && isPresent && member.joinedAt !== null,
    },
    { id: "remove", label: t`Remove…`, run: () => setDialog("remove"), isThere: mayRemove && isPresent },
  ];
  const close = () => setDialog(undefined);
  return (
    <>
      {mayRemove && isActive && (
        <Button onPress={() => void deactivate()} isPending={deactivation.isRunning}>
          <Trans>Deactivate</Trans>
        </Button>
      )}
      {mayRemove && isDeactivated && (
        <Button kind="main" onPress={() => void reactivate()} isPending={reactivation.isRunning}>
          <Trans>Reactivate</Trans>
        </Button>
      )}
      {mayRemove && member.state === "REMOVED" && (
        <Button
          kind="main"
          onPress={() =>
            void say(
              restoring.run(input).then((done) => {
                if (done) onDone();
                return done;
              }),
              <Trans><bdi>{name}</bdi> is a member again, without the former groups and roles.</Trans>,
            )
          }
          isPending={restoring.isRunning}
        >
          <Trans>Restore</Trans>
        </Button>
      )}
      <ActsMenu acts={further} />
      <ActFailures commands={[deactivation, reactivation, restoring, ending, disconnecting, recovering]} />
      {dialog === "edit" && <EditDialog member={member} onClose={close} />}
      {dialog === "email" && <CorrectEmailDialog member={member} onClose={close} />}
      {dialog === "remove" && <RemoveDialog member={member} onClose={close} onDone={onDone} />}
    </>
  );
}
