import { Trans, useLingui } from "@lingui/react/macro";
import { useId, useMemo, useState } from "react";
import { ChosenList } from "../../components/chosen_list";
import css from "../../components/chosen_list.module.css";
import fields from "../../components/fields.module.css";
import { Finding } from "../../components/finding";
import { useFormats } from "../../language/formats";
import { COUNTRIES } from "./countries";

interface Properties {
  chosen: string[];
  onChange: (chosen: string[]) => void;
  errors: readonly string[];
}

/** Countries to which no third party may carry data, by their names in the language of the reader. */
export function CountriesChoice({ chosen, onChange, errors }: Properties) {
  const { t, i18n } = useLingui();
  const { country } = useFormats();
  const own = useId();
  const [text, setText] = useState("");
  const all = useMemo(
    () => COUNTRIES.map((id) => ({ id, name: country(id) })).toSorted((one, other) => one.name.localeCompare(other.name, i18n.locale)),
    [country, i18n.locale],
  );
  const open = useMemo(() => all.filter(({ id }) => !chosen.includes(id)), [all, chosen]);
  const choose = (id: string | null) => {
    setText("");
    if (id !== null && !chosen.includes(id)) onChange([...chosen, id]);
  };
  return (
    <div className={css.choosing}>
      <div className={fields.field}>
        <span id={`${own}-label`} className={fields.label}>
          <Trans>Countries to which no third party may carry data</Trans>
        </span>
        {chosen.length === 0 && (
          <span className={fields.hint}>
            <Trans>None: every country is allowed.</Trans>
          </span>
        )}
        <ChosenList
          labelledBy={`${own}-label`}
          chosen={chosen.map((id) => ({ id, name: country(id) }))}
          field={`${own}-field`}
          nameRemoving={(name) => t`Remove ${name}`}
          onRemove={(removed) => onChange(chosen.filter((id) => id !== removed))}
        />
      </div>
      <Finding
        id={`${own}-field`}
        label={t`Forbid another country`}
        hint={<Trans>What is stored there already is taken back, and third parties that would carry data there are stopped.</Trans>}
        errors={errors}
        options={open}
        // The newest, which the list offers no more: it closes, and the field is empty for the next.
        chosen={chosen.at(-1) ?? null}
        text={text}
        onText={setText}
        onChoose={choose}
      />
    </div>
  );
}
