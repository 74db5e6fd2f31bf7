import { Trans, useLingui } from "@lingui/react/macro";
import { useState } from "react";
import { useCommand } from "../../api/use_command";
import { CommandForm, errorsAt } from "../../components/command_form";
import { Tick } from "../../components/fields";
import { Section } from "../../components/section";
import { useTell } from "../../shell/outcomes";
import { CountriesChoice } from "./countries_choice";
import { UpdateSettingsMutation } from "./documents";
import type { Settings } from "./words";

/** What third parties may be, and where. */
export function RulesForm({ settings, refresh }: { settings: Settings; refresh: () => void }) {
  const { t } = useLingui();
  const tell = useTell();
  const command = useCommand(UpdateSettingsMutation);
  const [mayInstall, setMayInstall] = useState(settings.membersMayInstall);
  const [countries, setCountries] = useState<string[]>(settings.forbiddenCountries);
  const areCountriesChanged = [...countries].sort().join(" ") !== [...settings.forbiddenCountries].sort().join(" ");
  const isChanged = areCountriesChanged || mayInstall !== settings.membersMayInstall;
  const save = async () => {
    const membersMayInstall = mayInstall === settings.membersMayInstall ? null : mayInstall;
    if (!(await command.run({ input: { membersMayInstall, forbiddenCountries: areCountriesChanged ? countries : null } }))) return;
    tell({ text: t`The rules for third parties were saved.` });
    refresh();
  };
  return (
    <Section title={t`Third parties`}>
      <CommandForm act={t`Save`} isReady={isChanged} onSubmit={save} command={command} fields={["forbiddenCountries", "membersMayInstall"]}>
        <Tick isSelected={mayInstall} onChange={setMayInstall}>
          <Trans>Members may connect third parties for themselves</Trans>
        </Tick>
        <CountriesChoice chosen={countries} onChange={setCountries} errors={errorsAt(command.refusals, "forbiddenCountries")} />
      </CommandForm>
    </Section>
  );
}
