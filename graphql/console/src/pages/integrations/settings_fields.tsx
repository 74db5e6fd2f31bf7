/** The form that an integration asks to be filled in, made of what it declares. */

import { Trans, useLingui } from "@lingui/react/macro";
import type { Refused } from "../../api/failures";
import { errorsAt } from "../../components/command_form";
import { Choice } from "../../components/choice";
import { TextInput, Tick } from "../../components/fields";
import css from "../../components/fields.module.css";

export interface SettingField {
  name: string;
  title: string;
  description: string;
  jsonType: string;
  isRequired: boolean;
  isSecret: boolean;
  /** The values of which it has one; none where it is free. */
  choices: readonly string[];
  default: string;
}

export type Values = Record<string, string>;

const YES = "true";
const NO = "false";
const MARK = "=";
const NUMBERS: Record<string, "numeric" | "decimal"> = { integer: "numeric", number: "decimal" };

export function initialValues(fields: readonly SettingField[]): Values {
  return Object.fromEntries(fields.map((field) => [field.name, field.default || (isSwitch(field) ? NO : "")]));
}

/** Yes or no, and nothing besides: what may stay empty too is chosen from a list. */
function isSwitch({ jsonType, isRequired, choices, default: value }: SettingField): boolean {
  return jsonType === "boolean" && choices.length === 0 && (isRequired || value !== "");
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
  if (isSwitch(field)) return <Switch field={field} value={value} errors={errors} onChange={onChange} />;
  if (!isSecret && (field.choices.length > 0 || jsonType === "boolean")) return <OneOf field={field} value={value} errors={errors} onChange={onChange} />;
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
      {...(NUMBERS[jsonType] ? { inputMode: NUMBERS[jsonType] } : {})}
      value={value}
      onChange={onChange}
      errors={errors}
      isRequired={isRequired && !isKept}
      autoComplete={isSecret ? "new-password" : "off"}
    />
  );
}

type OpenProperties = Omit<InputProperties, "isKept">;

function Switch({ field: { title, description }, value, errors, onChange }: OpenProperties) {
  return (
    <div>
      <Tick isSelected={value === YES} onChange={(is) => onChange(is ? YES : NO)}>
        <bdi data-of-server>{title}</bdi>
      </Tick>
      {description && (
        <div className={css.hint} data-of-server>
          {description}
        </div>
      )}
      {errors.length > 0 && <div className={css.error}>{errors.join(" ")}</div>}
    </div>
  );
}

/** One of what the integration offers. What was chosen before and is offered no more stays, until something else is chosen. */
function OneOf({ field, value, errors, onChange }: OpenProperties) {
  const { t } = useLingui();
  const { title, description, jsonType, isRequired, choices } = field;
  const offered = choices.length ? choices : [YES, NO];
  const nameOf = (one: string) => (jsonType === "boolean" ? (one === YES ? t`Yes` : t`No`) : one);
  // A mark before each: an option needs an id, and nothing is one of them.
  const options = offered.map((one) => ({ id: MARK + one, name: nameOf(one) }));
  if (value !== "" && !offered.includes(value)) options.unshift({ id: MARK + value, name: t`${value} (not offered any more)` });
  if (!isRequired && field.default === "") options.unshift({ id: MARK, name: t`Nothing chosen` });
  return (
    <div data-of-server>
      <Choice label={isRequired ? title : t`${title} (may stay empty)`} hint={description} options={options} value={MARK + value} onChange={(id) => onChange(id.slice(MARK.length))} errors={errors} />
    </div>
  );
}
