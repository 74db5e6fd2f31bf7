import { Trans, useLingui } from "@lingui/react/macro";
import { useState } from "react";
import type { VariablesOf } from "../../api/graphql";
import { type Command, useCommand } from "../../api/use_command";
import { ActFailures } from "../../components/act_failures";
import { Button } from "../../components/button";
import { CommandForm, errorsAt } from "../../components/command_form";
import { Dialog } from "../../components/dialog";
import { Choice } from "../../components/choice";
import { useReversible } from "../../components/harm";
import { Day } from "../../components/moment";
import { Person } from "../../components/person";
import { Section } from "../../components/section";
import { useMay } from "../../shell/viewer";
import { type Role, ROLE_NAMES, rolesBelow } from "../../words/members";
import { AssignRoleMutation, WithdrawRoleMutation } from "./acts/documents";
import css from "./member.module.css";
import type { Member, Mine } from "./member_page";

interface Properties {
  member: Member;
  mine: Mine | undefined;
  isMe: boolean;
}

export function RolesOfMember({ member, mine, isMe }: Properties) {
  const { t, i18n } = useLingui();
  const act = useReversible();
  const assigning = useCommand(AssignRoleMutation);
  const withdrawing = useCommand(WithdrawRoleMutation);
  const [isGiving, setIsGiving] = useState(false);
  const mayAssign = useMay("ROLES_ASSIGN");
  const mayGive = mayAssign && !isMe && member.state === "ACTIVE";
  const below = mayGive ? rolesBelow(mine) : [];
  const held = member.roles ?? [];
  const input = (role: Role) => ({ input: { memberId: member.id, role } });
  const withdraw = (role: Role) => {
    const name = i18n._(ROLE_NAMES[role]);
    return act(() => withdrawing.run(input(role)), <Trans>The role “{name}” is withdrawn; the person is told.</Trans>, () => assigning.run(input(role)));
  };
  const give = below.filter((role) => !held.some((one) => one.role === role));
  return (
    <Section
      title={t`Roles`}
      actions={
        give.length > 0 && (
          <Button onPress={() => setIsGiving(true)}>
            <Trans>Give a role…</Trans>
          </Button>
        )
      }
    >
      <ActFailures commands={isGiving ? [withdrawing] : [withdrawing, assigning]} />
      <ul className={css.list}>
        {held.map(({ role, since, grantedBy }) => (
          <li key={role}>
            <strong>{i18n._(ROLE_NAMES[role])}</strong>
            <span className={css.since}>
              {grantedBy ? (
                <Trans>
                  since <Day at={since} />, given by <Person person={grantedBy} />
                </Trans>
              ) : (
                <Trans>
                  since <Day at={since} />
                </Trans>
              )}
            </span>
            {below.includes(role) && (
              <Button kind="quiet" onPress={() => void withdraw(role)} isDisabled={withdrawing.isRunning}>
                <Trans>Withdraw</Trans>
              </Button>
            )}
          </li>
        ))}
      </ul>
      {isGiving && <GiveRoleDialog member={member} roles={give} assigning={assigning} withdrawing={withdrawing} onClose={() => setIsGiving(false)} />}
    </Section>
  );
}

type RoleCommand = Command<{ member: unknown }, VariablesOf<typeof AssignRoleMutation>>;

interface GiveProperties {
  member: Member;
  roles: Role[];
  assigning: RoleCommand;
  withdrawing: RoleCommand;
  onClose: () => void;
}

function GiveRoleDialog({ member, roles, assigning, withdrawing, onClose }: GiveProperties) {
  const { t, i18n } = useLingui();
  const act = useReversible();
  const [role, setRole] = useState<Role | null>(null);
  const give = async () => {
    if (!role) return;
    const input = { input: { memberId: member.id, role } };
    const name = i18n._(ROLE_NAMES[role]);
    const text = <Trans>The role “{name}” is given; the person is told.</Trans>;
    if (await act(() => assigning.run(input), text, () => withdrawing.run(input))) onClose();
  };
  return (
    <Dialog title={t`Give a role`} onClose={onClose}>
      <CommandForm act={t`Give the role`} isReady={role !== null} onSubmit={give} onCancel={onClose} command={assigning} fields={["role"]}>
        <Choice
          label={t`Role`}
          hint={<Trans>Roles below your own.</Trans>}
          options={roles.map((id) => ({ id, name: i18n._(ROLE_NAMES[id]) }))}
          value={role}
          onChange={setRole}
          errors={errorsAt(assigning.refusals, "role")}
        />
      </CommandForm>
    </Dialog>
  );
}
