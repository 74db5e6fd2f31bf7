import { Trans, useLingui } from "@lingui/react/macro";
import { useState } from "react";
import { useCommand } from "../../api/use_command";
import { CommandForm, errorsAt } from "../../components/command_form";
import { TextInput } from "../../components/fields";
import { Section } from "../../components/section";
import { useTell } from "../../shell/outcomes";
import { UpdateSettingsMutation } from "./documents";
import type { Settings } from "./words";

/** Whom people turn to, and the days that are promised. */
export function ContactForm({ settings, refresh }: { settings: Settings; refresh: () => void }) {
  const { t } = useLingui();
  const tell = useTell();
  const command = useCommand(UpdateSettingsMutation);
  const [contact, setContact] = useState(settings.grievanceContact);
  const [days, setDays] = useState(String(settings.dpdpDays));
  const isChanged = contact !== settings.grievanceContact || days !== String(settings.dpdpDays);
  const save = async () => {
    const dpdpDays = days === String(settings.dpdpDays) ? null : Number(days);
    const grievanceContact = contact === settings.grievanceContact ? null : contact;
    if (!(await command.run({ input: { dpdpDays, grievanceContact } }))) return;
    tell({ text: t`The contact and the promise were saved.` });
    refresh();
  };
  return (
    <Section title={t`Contact for questions about data`} about={<Trans>Members read it where they ask about their data, and in every answer, besides the authority.</Trans>}>
      <CommandForm act={t`Save`} isReady={isChanged && /^\d+$/.test(days)} onSubmit={save} command={command} fields={["grievanceContact", "dpdpDays"]}>
        <TextInput
          label={t`Whom a person turns to`}
          hint={<Trans>Such as an address or a name with a telephone number. Left empty, nobody is named.</Trans>}
          value={contact}
          onChange={setContact}
          errors={errorsAt(command.refusals, "grievanceContact")}
          autoComplete="off"
        />
        <TextInput
          label={t`Days in which requests under the law of India are answered`}
          hint={<Trans>It counts for requests that are asked from now on. 0 promises nothing; the law’s own time counts.</Trans>}
          value={days}
          onChange={setDays}
          inputMode="numeric"
          errors={errorsAt(command.refusals, "dpdpDays")}
          autoComplete="off"
        />
      </CommandForm>
    </Section>
  );
}
