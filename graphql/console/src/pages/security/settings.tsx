import { msg } from "@lingui/core/macro";
import type { MessageDescriptor } from "@lingui/core";
import { Trans, useLingui } from "@lingui/react/macro";
import { useState } from "react";
import { useCommand } from "../../api/use_command";
import { CommandForm, errorsAt } from "../../components/command_form";
import { Choice } from "../../components/choice";
import { Tick } from "../../components/fields";
import { Section } from "../../components/section";
import { useFormats } from "../../language/formats";
import { chooseLanguage, type Language, LANGUAGES } from "../../language/language";
import { areKeysOn, turnKeys } from "../../shell/keys";
import { useTell } from "../../shell/outcomes";
import { applyTheme, chosenTheme, type Theme, THEMES } from "../../shell/theme";
import { COUNTRIES } from "../../words/countries";
import { UpdateAccountMutation } from "./documents";
import css from "./security.module.css";
import type { OwnAccount } from "./security_page";

const THEME_NAMES: Record<Theme, MessageDescriptor> = { system: msg`As the system`, light: msg`Light`, dark: msg`Dark` };
const NONE = "-";

/** How the console looks and speaks, and where the person lives. */
export function Settings({ account }: { account: OwnAccount | undefined }) {
  return (
    <>
      <Looks />
      {account && <Place account={account} />}
    </>
  );
}

function Looks() {
  const { t, i18n } = useLingui();
  const [theme, setTheme] = useState(chosenTheme);
  const [keys, setKeys] = useState(areKeysOn);
  return (
    <Section title={t`The console`}>
      <div className={css.fields}>
        <Choice
          label={t`Language`}
          options={Object.entries(LANGUAGES).map(([id, name]) => ({ id: id as Language, name }))}
          value={i18n.locale as Language}
          onChange={chooseLanguage}
        />
        <Choice
          label={t`Appearance`}
          options={THEMES.map((id) => ({ id, name: i18n._(THEME_NAMES[id]) }))}
          value={theme}
          onChange={(next) => {
            applyTheme(next);
            setTheme(next);
          }}
        />
      </div>
      <Tick
        isSelected={keys}
        onChange={(is) => {
          turnKeys(is);
          setKeys(is);
        }}
      >
        <Trans>Single letters do something; “?” says what</Trans>
      </Tick>
    </Section>
  );
}

function Place({ account }: { account: OwnAccount }) {
  const { t } = useLingui();
  const formats = useFormats();
  const tell = useTell();
  const command = useCommand(UpdateAccountMutation);
  const [zone, setZone] = useState(account.timeZone);
  const [country, setCountry] = useState(account.residenceCountry || NONE);
  const countries = COUNTRIES.map((id) => ({ id, name: formats.country(id) })).sort((one, other) => one.name.localeCompare(other.name));
  const zones = [...new Set([account.timeZone, ...Intl.supportedValuesOf("timeZone")])].map((id) => ({ id, name: id.replaceAll("_", " ") }));
  const save = async () => {
    const done = await command.run({ input: { timeZone: zone, residenceCountry: country === NONE ? "" : country } });
    if (done) tell({ text: t`Kept. It holds in every organisation.` });
  };
  return (
    <Section title={t`Time and place`} about={<Trans>By the time zone your mail is timed; by where you live, the law says when your requests are answered.</Trans>}>
      <CommandForm act={t`Save`} onSubmit={save} command={command} fields={["timeZone", "residenceCountry"]}>
        <div className={css.fields}>
          <Choice label={t`Time zone`} options={zones} value={zone} onChange={setZone} errors={errorsAt(command.refusals, "timeZone")} />
          <Choice
            label={t`Where you live`}
            options={[{ id: NONE, name: t`Not said` }, ...countries]}
            value={country}
            onChange={setCountry}
            errors={errorsAt(command.refusals, "residenceCountry")}
          />
        </div>
      </CommandForm>
    </Section>
  );
}
