/** The form that an integration asks to be filled in, made of what it declares. */

import { Trans, useLingui } from "@lingui/react/macro";
import type { Refused } from "../../api/failures";
import { errorsAt } from "../../components/command_form";
import { TextInput, Tick } from "../../components/fields";

export interface SettingField {
  name: string;
  title: string;
  description: string;
  jsonType: string;
  isRequired: boolean;
  isSecret: boolean;
  default: string;
}

export type Values = Record<string, string>;

const YES = "true";
const NO = "false";
const NUMBERS = new Set(["integer", "number"]);

export function initialValues(fields: readonly SettingField[]): Values {
  return Object.fromEntries(fields.map(({ name, default: value }) => [name, value]));
}

/** What was filled in, as the API takes it; what is empty holds its default. */
export function filledIn(fields: readonly SettingField[], values: Values): { name: string; value: string }[] {
  return fields.map(({ name }) => ({ name, value: values[name] ?? "" })).filter(({ value }) => value !== "");
}

/** How a refusal names a field: as the API spells the names of input. */
export function refusedName(name: string): string {
  return name.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
}

interface Properties {
  fields: readonly SettingField[];
  values: Values;
  refusals: readonly Refused[];
  onChange: (name: string, value: string) => void;
  /** Secrets that are filled in already are never shown: left empty, they stay. */
  areSecretsKept?: boolean;
}

export function SettingsFields({ fields, values, refusals, onChange, areSecretsKept = false }: Properties) {
  return fields.map((field) => (
    <SettingInput
      key={field.name}
      field={field}
      value={values[field.name] ?? ""}
      errors={errorsAt(refusals, refusedName(field.name))}
      onChange={(value) => onChange(field.name, value)}
      isKept={areSecretsKept && field.isSecret}
    />
  ));
}

interface InputProperties {
  field: SettingField;
  value: string;
  errors: readonly string[];
  onChange: (value: string) => void;
  isKept: boolean;
}

function SettingInput({ field, value, errors, onChange, isKept }: InputProperties) {
  const { t } = useLingui();
  const { title, description, jsonType, isRequired, isSecret } = field;
  if (jsonType === "boolean") {
    return (
      <Tick isSelected={value === YES} onChange={(is) => onChange(is ? YES : NO)}>
        <bdi>{title}</bdi>
      </Tick>
    );
  }
  return (
    <TextInput
      label={<span data-of-server>{isRequired ? title : t`${title} (may stay empty)`}</span>}
      hint={
        <>
          {description && <span data-of-server>{description} </span>}
          {isKept && <Trans>It is kept, and shown to nobody. Leave it empty to keep it as it is.</Trans>}
        </>
      }
      type={isSecret ? "password" : "text"}
      {...(NUMBERS.has(jsonType) ? { inputMode: "numeric" as const } : {})}
      value={value}
      onChange={onChange}
      errors={errors}
      isRequired={isRequired && !isKept}
      autoComplete={isSecret ? "new-password" : "off"}
    />
  );
}
