import { Trans, useLingui } from "@lingui/react/macro";
import { useState } from "react";
import { useCommand } from "../../../api/use_command";
import { CommandForm } from "../../../components/command_form";
import { Dialog } from "../../../components/dialog";
import { useTell } from "../../../shell/outcomes";
import { initialValues, refusedName, type SettingField, SettingsFields } from "../settings_fields";
import { SameAccount } from "../same_account";
import { UpdateSettingsMutation } from "./documents";
import type { Installation } from "./installation_page";

interface Properties {
  installation: Installation;
  fields: readonly SettingField[];
  onDone: () => void;
  onClose: () => void;
}

/** Change settings: only what differs is sent; secrets that are left empty stay. */
export function SettingsDialog({ installation, fields, onDone, onClose }: Properties) {
  const { t } = useLingui();
  const tell = useTell();
  const command = useCommand(UpdateSettingsMutation);
  const held = Object.fromEntries((installation.settings ?? []).map(({ name, value }) => [name, value]));
  const [acceptsSameAccount, setAcceptsSameAccount] = useState(false);
  const [values, setValues] = useState(() => ({ ...initialValues(fields), ...held }));
  const changed = fields
    .map((field) => ({ field, value: values[field.name] ?? "" }))
    .filter(({ field, value }) => (field.isSecret ? value !== "" : value !== (held[field.name] ?? field.default)))
    .map(({ field, value }) => ({ name: field.name, value: value === "" ? null : value }));
  const save = async () => {
    if (!(await command.run({ input: { installationId: installation.id, settings: changed, acceptsSameAccount } }))) return;
    tell({ text: <Trans>The settings are changed, and the connection is being checked.</Trans> });
    onDone();
    onClose();
  };
  return (
    <Dialog title={t`Settings of ${installation.name}`} onClose={onClose}>
      <CommandForm
        act={t`Save the settings`}
        isReady={changed.length > 0}
        onSubmit={save}
        onCancel={onClose}
        command={command}
        fields={fields.map(({ name }) => refusedName(name))}
      >
        <p>
          <Trans>If data would go to another place by this, what was sent to the present one is taken back there.</Trans>
        </p>
        <SettingsFields
          fields={fields}
          values={values}
          refusals={command.refusals}
          areSecretsKept
          onChange={(name, value) => {
            setValues((now) => ({ ...now, [name]: value }));
            setAcceptsSameAccount(false);
            command.clear();
          }}
        />
        <SameAccount refusals={command.refusals} isAccepted={acceptsSameAccount} onChange={setAcceptsSameAccount} />
      </CommandForm>
    </Dialog>
  );
}
