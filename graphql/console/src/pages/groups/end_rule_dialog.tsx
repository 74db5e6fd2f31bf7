import { Trans, useLingui } from "@lingui/react/macro";
import { useState } from "react";
import { useCommand } from "../../api/use_command";
import { CommandForm, errorsAt } from "../../components/command_form";
import { Dialog } from "../../components/dialog";
import { Choice } from "../../components/choice";
import { useTell } from "../../shell/outcomes";
import { EndGroupRuleMutation } from "./rule/documents";
import type { Group } from "./group_page";

export function EndRuleDialog({ group, onClose, onDone }: { group: Group; onClose: () => void; onDone: () => void }) {
  const { t } = useLingui();
  const tell = useTell();
  const command = useCommand(EndGroupRuleMutation);
  const [who, setWho] = useState<"stay" | "leave">("stay");
  const end = async () => {
    if (!(await command.run({ input: { groupId: group.id, keepsMembers: who === "stay" } }))) return;
    tell({ text: who === "stay" ? <Trans>The rule is ended; those whom it had put in stay.</Trans> : <Trans>The rule is ended; those whom it had put in have left, and are told.</Trans> });
    onDone();
    onClose();
  };
  return (
    <Dialog title={t`End the rule`} onClose={onClose}>
      <CommandForm act={t`End the rule`} isDangerous={who === "leave"} onSubmit={end} onCancel={onClose} command={command} fields={["keepsMembers"]}>
        <Choice
          label={t`Those whom the rule has put in`}
          hint={<Trans>Who was put in by hand stays in any case.</Trans>}
          options={[
            { id: "stay", name: t`stay, as if put in by hand` },
            { id: "leave", name: t`leave the group` },
          ]}
          value={who}
          onChange={setWho}
          errors={errorsAt(command.refusals, "keepsMembers")}
        />
      </CommandForm>
    </Dialog>
  );
}
