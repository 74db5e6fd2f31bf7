import { Trans, useLingui } from "@lingui/react/macro";
import { useState } from "react";
import { useCommand } from "../../api/use_command";
import { CommandForm, errorsAt } from "../../components/command_form";
import { TextInput } from "../../components/fields";
import { Section } from "../../components/section";
import { useTell } from "../../shell/outcomes";
import { RenameMutation } from "./documents";
import type { Organisation } from "./words";

export function NameForm({ organisation, refresh }: { organisation: Organisation; refresh: () => void }) {
  const { t } = useLingui();
  const tell = useTell();
  const command = useCommand(RenameMutation);
  const [name, setName] = useState(organisation.name);
  const rename = async () => {
    if (!(await command.run({ input: { name } }))) return;
    tell({ text: t`The organisation is called ${name} now.` });
    refresh();
  };
  return (
    <Section title={t`Name`}>
      <CommandForm act={t`Rename`} isReady={name.trim() !== organisation.name} onSubmit={rename} command={command} fields={["name"]}>
        <TextInput
          label={t`Name of the organisation`}
          hint={
            <Trans>
              Its short name in addresses is <bdi>{organisation.slug}</bdi> and stays.
            </Trans>
          }
          value={name}
          onChange={setName}
          errors={errorsAt(command.refusals, "name")}
          isRequired
          autoComplete="organization"
        />
      </CommandForm>
    </Section>
  );
}
