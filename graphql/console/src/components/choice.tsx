import { useLingui } from "@lingui/react/macro";
import { ChevronDown } from "lucide-react";
import { useId } from "react";
import type { FieldProperties } from "./fields";
import css from "./fields.module.css";
import { MenuButton } from "./menu_button";
import { opened } from "./opened";

const FilterChoices = opened(() => import("./filter_choices"), "FilterChoices");

export interface Option<Key extends string> {
  id: Key;
  name: string;
}

interface ChoiceProperties<Key extends string> extends FieldProperties {
  options: readonly Option<Key>[];
  value: Key | null;
  onChange: (key: Key) => void;
}

/** One of a few: what there is to choose from is loaded when it opens. */
export function Choice<Key extends string>({ label, hint, errors = [], options, value, onChange }: ChoiceProperties<Key>) {
  const { t } = useLingui();
  const id = useId();
  const chosen = options.find((option) => option.id === value);
  const described = [hint ? `${id}-hint` : "", errors.length ? `${id}-error` : ""].filter(Boolean).join(" ");
  const choose = ([key]: string[]) => key !== undefined && onChange(key as Key);
  return (
    <div className={css.field} data-invalid={errors.length > 0 || undefined}>
      <span id={`${id}-label`} className={css.label}>
        {label}
      </span>
      <MenuButton
        className={css.select}
        opens="listbox"
        aria-labelledby={`${id}-label ${id}-value`}
        {...(described ? { "aria-describedby": described } : {})}
        content={(at) => <FilterChoices {...at} label={label} options={options} selected={chosen ? [chosen.id] : []} onChange={choose} isSingle />}
      >
        <span id={`${id}-value`}>{chosen ? <bdi>{chosen.name}</bdi> : t`Choose …`}</span>
        <ChevronDown aria-hidden />
      </MenuButton>
      {hint && (
        <span id={`${id}-hint`} className={css.hint}>
          {hint}
        </span>
      )}
      {errors.length > 0 && (
        <span id={`${id}-error`} className={css.error}>
          {errors.join(" ")}
        </span>
      )}
    </div>
  );
}
