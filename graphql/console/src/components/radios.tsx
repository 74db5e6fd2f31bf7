import { FieldError, Label, Radio, RadioGroup } from "react-aria-components";
import fields from "./fields.module.css";
import css from "./radios.module.css";

interface Properties<Key extends string> {
  label: string;
  options: readonly { id: Key; name: string; meaning?: string | undefined }[];
  value: Key;
  onChange: (key: Key) => void;
  errors?: readonly string[];
  isDisabled?: boolean;
}

/** One of a few that each need a sentence. */
export function Radios<Key extends string>({ label, options, value, onChange, errors = [], isDisabled = false }: Properties<Key>) {
  return (
    <RadioGroup
      className={`${fields.field!} ${css.radios!}`}
      value={value}
      onChange={(key) => onChange(key as Key)}
      isInvalid={errors.length > 0}
      isDisabled={isDisabled}
    >
      <Label>{label}</Label>
      {options.map(({ id, name, meaning }) => (
        <Radio key={id} value={id} className={css.radio!}>
          <span className={css.dot} aria-hidden />
          <span className={css.text}>
            <span className={css.name}>{name}</span>
            {meaning && <span className={css.meaning}>{meaning}</span>}
          </span>
        </Radio>
      ))}
      <FieldError className={fields.error!}>{errors.length ? errors.join(" ") : undefined}</FieldError>
    </RadioGroup>
  );
}
