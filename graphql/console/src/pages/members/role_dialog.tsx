import { Plural, Trans, useLingui } from "@lingui/react/macro";
import { useState } from "react";
import { useCommand } from "../../api/use_command";
import { usePart } from "../../api/use_page";
import { CommandForm, errorsAt } from "../../components/command_form";
import { Dialog } from "../../components/dialog";
import { Choice } from "../../components/choice";
import { Part } from "../../components/states";
import type { Bulk } from "../../components/use_bulk";
import { useTell } from "../../shell/outcomes";
import { type Role, ROLE_NAMES, rolesBelow } from "../../words/members";
import { bulkAct } from "./bulk_acts";
import { AssignRolesMutation, MyRolesQuery } from "./documents";

export function RoleDialog({ bulk, onClose }: { bulk: Bulk; onClose: () => void }) {
  const { t, i18n } = useLingui();
  const tell = useTell();
  const asked = usePart(MyRolesQuery, {});
  const command = useCommand(AssignRolesMutation);
  const [role, setRole] = useState<Role | null>(null);
  const roles = rolesBelow(asked.data?.viewer.member?.roles);
  const give = async () => {
    if (!role) return;
    const result = await bulk.run(bulkAct(command, (memberIds) => ({ memberIds, role })));
    if (!result) return;
    const name = i18n._(ROLE_NAMES[role]);
    const count = result.done.length;
    if (count) {
      tell({
        text: (
          <>
            <Plural value={count} one={`# person has the role “${name}” now.`} other={`# people have the role “${name}” now.`} />{" "}
            <Trans>It is taken back on the page of each.</Trans>
          </>
        ),
      });
    }
    onClose();
  };
  return (
    <Dialog title={t`Give a role`} onClose={onClose}>
      <Part asked={asked} lines={2}>
        <CommandForm act={t`Give the role`} isReady={role !== null} onSubmit={give} onCancel={onClose} command={command} fields={["role"]}>
          <Choice
            label={t`Role`}
            hint={<Trans>Roles below your own. Each person is told.</Trans>}
            options={roles.map((id) => ({ id, name: i18n._(ROLE_NAMES[id]) }))}
            value={role}
            onChange={setRole}
            errors={errorsAt(command.refusals, "role")}
          />
        </CommandForm>
      </Part>
    </Dialog>
  );
}
