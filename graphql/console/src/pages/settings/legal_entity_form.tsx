import { Trans, useLingui } from "@lingui/react/macro";
import { useState } from "react";
import { useCommand } from "../../api/use_command";
import { CommandForm, errorsAt } from "../../components/command_form";
import { TextInput } from "../../components/fields";
import { HarmDialog } from "../../components/harm";
import { Section } from "../../components/section";
import { useTell } from "../../shell/outcomes";
import { useMay } from "../../shell/viewer";
import { UpdateSettingsMutation } from "./documents";
import type { Settings } from "./words";

/** Who is responsible for the data, by the legal name: the owner alone changes it. */
export function LegalEntityForm({ settings, refresh }: { settings: Settings; refresh: () => void }) {
  const { t } = useLingui();
  const tell = useTell();
  const isOwner = useMay("OWNERSHIP_TRANSFER");
  const command = useCommand(UpdateSettingsMutation);
  const [entity, setEntity] = useState(settings.legalEntity);
  const [isAsked, setIsAsked] = useState(false);
  const save = async () => {
    if (!(await command.run({ input: { legalEntity: entity } }))) return;
    tell({ text: t`${entity} is named as responsible for the data.` });
    setIsAsked(false);
    refresh();
  };
  // Naming it for the first time changes nothing; another one concerns everybody.
  const submit = async () => (settings.legalEntity === "" ? save() : setIsAsked(true));
  return (
    <Section title={t`Company that is responsible for the data`}>
      {isOwner ? (
        <CommandForm act={t`Save`} isReady={entity.trim() !== settings.legalEntity} onSubmit={submit} command={isAsked ? { ...command, failure: undefined } : command} fields={["legalEntity"]}>
          <TextInput
            label={t`Legal name`}
            hint={<Trans>The law calls it the controller. Another one than before is told to everybody, and third parties for everybody pause until they are approved again.</Trans>}
            value={entity}
            onChange={setEntity}
            errors={errorsAt(command.refusals, "legalEntity")}
            autoComplete="off"
          />
        </CommandForm>
      ) : (
        <p>{settings.legalEntity ? <bdi>{settings.legalEntity}</bdi> : <Trans>It is not named yet; the owner can name it.</Trans>}</p>
      )}
      {isAsked && (
        <HarmDialog
          title={t`Name another company as responsible`}
          act={t`Name it, and tell everybody`}
          figures={[
            { label: t`Until now`, value: <bdi>{settings.legalEntity}</bdi> },
            { label: t`From now on`, value: entity ? <bdi>{entity}</bdi> : <Trans>Nobody is named</Trans> },
          ]}
          people={0}
          objectName=""
          command={command}
          onCommit={save}
          onClose={() => setIsAsked(false)}
        >
          <p>
            <Trans>Everybody whose data is here is told at once who it was and who it is. Third parties for everybody pause until an administrator approves each again. Telling can’t be taken back.</Trans>
          </p>
        </HarmDialog>
      )}
    </Section>
  );
}
