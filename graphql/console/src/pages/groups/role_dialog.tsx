import { Trans, useLingui } from "@lingui/react/macro";
import { useState } from "react";
import type { VariablesOf } from "../../api/graphql";
import type { Command } from "../../api/use_command";
import { CommandForm, errorsAt } from "../../components/command_form";
import { Dialog } from "../../components/dialog";
import { Choice } from "../../components/choice";
import { useReversible } from "../../components/harm";
import { GROUP_ROLE_NAMES, GROUP_ROLES, type GroupRole } from "../../words/groups";
import type { SetGroupRoleMutation } from "./people/documents";
import type { Group } from "./group_page";

interface Properties {
  group: Group;
  membership: { role: GroupRole; member: { id: string; displayName: string | null } | null };
  setting: Command<{ membership: unknown }, VariablesOf<typeof SetGroupRoleMutation>>;
  /** Limits the choice to roles below it; undefined for who manages all groups. */
  myRole: GroupRole | undefined;
  onClose: () => void;
  onDone: () => void;
}

export function RoleDialog({ group, membership, setting, myRole, onClose, onDone }: Properties) {
  const { t, i18n } = useLingui();
  const act = useReversible();
  const [role, setRole] = useState<GroupRole>(membership.role);
  const { member } = membership;
  const roles = myRole ? GROUP_ROLES.slice(0, GROUP_ROLES.indexOf(myRole)) : GROUP_ROLES;
  const name = member?.displayName ?? "";
  const change = async () => {
    if (!member) return;
    const set = (to: GroupRole) => setting.run({ input: { groupId: group.id, memberId: member.id, role: to, isPinned: group.rule !== null } });
    const said = i18n._(GROUP_ROLE_NAMES[role]);
    if (!(await act(() => set(role), <Trans><bdi>{name}</bdi> has the role “{said}” in this group now, and is told.</Trans>, () => set(membership.role).then(onDone)))) return;
    onDone();
    onClose();
  };
  return (
    <Dialog title={t`Change the role`} onClose={onClose}>
      <CommandForm act={t`Change`} isReady={role !== membership.role} onSubmit={change} onCancel={onClose} command={setting} fields={["role"]}>
        <Choice
          label={t`Role in this group`}
          hint={<Trans>Administrators of a group decide on its people; owners may archive it besides.</Trans>}
          options={roles.map((id) => ({ id, name: i18n._(GROUP_ROLE_NAMES[id]) }))}
          value={role}
          onChange={setRole}
          errors={errorsAt(setting.refusals, "role")}
        />
      </CommandForm>
    </Dialog>
  );
}
