import { Trans, useLingui } from "@lingui/react/macro";
import { useState } from "react";
import { useCommand } from "../../../api/use_command";
import { Choice } from "../../../components/choice";
import { CommandForm, errorsAt } from "../../../components/command_form";
import { Dialog } from "../../../components/dialog";
import { TextInput } from "../../../components/fields";
import { useTell } from "../../../shell/outcomes";
import type { SettingField } from "../settings_fields";
import { RotateSecretMutation } from "./documents";
import type { Installation } from "./installation_page";

interface Properties {
  installation: Installation;
  secrets: readonly SettingField[];
  onDone: () => void;
  onClose: () => void;
}

const HOURS = ["0", "1", "24", "168"] as const;
type Hours = (typeof HOURS)[number];

/** Replace one secret: the old one is used beside the new one for a while, and then deleted. */
export function RotateDialog({ installation, secrets, onDone, onClose }: Properties) {
  const { t } = useLingui();
  const tell = useTell();
  const command = useCommand(RotateSecretMutation);
  const [name, setName] = useState(secrets[0]?.name ?? "");
  const [value, setValue] = useState("");
  const [hours, setHours] = useState<Hours>("24");
  const lasts: Record<Hours, string> = { 0: t`Not at all`, 1: t`For one hour`, 24: t`For a day`, 168: t`For a week` };
  const rotate = async () => {
    const input = { installationId: installation.id, name, value, keepOldForHours: Number(hours) };
    if (!(await command.run({ input }))) return;
    tell({ text: <Trans>The new secret is in use, and the connection is being checked.</Trans> });
    onDone();
    onClose();
  };
  return (
    <Dialog title={t`Rotate a secret of ${installation.name}`} onClose={onClose}>
      <CommandForm
        act={t`Rotate the secret`}
        isReady={value !== ""}
        onSubmit={rotate}
        onCancel={onClose}
        command={command}
        fields={["name", "value", "keepOldForHours"]}
      >
        {secrets.length > 1 && (
          <Choice
            label={t`Which secret`}
            options={secrets.map((secret) => ({ id: secret.name, name: secret.title }))}
            value={name}
            onChange={setName}
            errors={errorsAt(command.refusals, "name")}
          />
        )}
        <TextInput
          label={t`The new secret`}
          hint={<Trans>Make it at the third party first. It is kept encrypted, and shown to nobody.</Trans>}
          type="password"
          autoComplete="new-password"
          value={value}
          onChange={setValue}
          isRequired
          errors={errorsAt(command.refusals, "value")}
        />
        <Choice
          label={t`Keep the old one beside it`}
          hint={<Trans>Then it is deleted. Keep it as long as the third party accepts both.</Trans>}
          options={HOURS.map((id) => ({ id, name: lasts[id] }))}
          value={hours}
          onChange={setHours}
          errors={errorsAt(command.refusals, "keepOldForHours")}
        />
      </CommandForm>
    </Dialog>
  );
}
