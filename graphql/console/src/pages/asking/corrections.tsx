import { msg } from "@lingui/core/macro";
import type { MessageDescriptor } from "@lingui/core";
import { Trans, useLingui } from "@lingui/react/macro";
import type { Refused } from "../../api/failures";
import { Button, Buttons } from "../../components/button";
import { errorsAt } from "../../components/command_form";
import { Choice } from "../../components/choice";
import { TextInput } from "../../components/fields";
import { Section } from "../../components/section";
import css from "./asking.module.css";

const NAMES: Record<string, MessageDescriptor> = {
  displayName: msg`Name as displayed`,
  title: msg`Title`,
  firstName: msg`First name`,
  lastName: msg`Last name`,
  email: msg`E-mail address`,
  phone: msg`Telephone number`,
  jobTitle: msg`Job title`,
  company: msg`Company`,
  username: msg`Username`,
  postalAddress: msg`Postal address`,
};

export interface Correction {
  name: string;
  value: string;
}

export const toFields = (corrections: readonly Correction[]) => corrections.map(({ name, value }) => ({ name, value }));

interface Properties {
  corrections: readonly Correction[];
  onChange: (corrections: readonly Correction[]) => void;
  isAtProvider: boolean;
  refusals: readonly Refused[];
}

/** What is wrong, and what it should be. */
export function Corrections({ corrections, onChange, isAtProvider, refusals }: Properties) {
  const { t, i18n } = useLingui();
  const known = isAtProvider ? ["displayName"] : Object.keys(NAMES);
  const unused = known.find((name) => !corrections.some((one) => one.name === name));
  const change = (place: number, changed: Partial<Correction>) => onChange(corrections.map((one, at) => (at === place ? { ...one, ...changed } : one)));
  return (
    <Section title={t`What is wrong?`} about={<Trans>An empty value removes what is there. A new e-mail address has to be one that your account has proven.</Trans>}>
      {corrections.map(({ name, value }, place) => (
        <div key={place} className={css.correction}>
          <Choice
            label={t`What`}
            options={known.filter((one) => one === name || !corrections.some((other) => other.name === one)).map((id) => ({ id, name: i18n._(NAMES[id]!) }))}
            value={name}
            onChange={(chosen) => change(place, { name: chosen })}
          />
          <TextInput label={t`Right value`} value={value} onChange={(text) => change(place, { value: text })} errors={place === 0 ? errorsAt(refusals, "fields") : []} autoComplete="off" />
        </div>
      ))}
      {unused && (
        <Buttons>
          <Button kind="quiet" onPress={() => onChange([...corrections, { name: unused, value: "" }])}>
            <Trans>Something else is wrong too</Trans>
          </Button>
        </Buttons>
      )}
    </Section>
  );
}
