/** Fields of forms. Each shows under itself why it was refused: by the browser, or by the API, which names it by `path`. */

import { Check, ChevronDown } from "lucide-react";
import type { ReactNode } from "react";
import {
  Button as AriaButton,
  Checkbox,
  FieldError,
  Input,
  Label,
  ListBox,
  ListBoxItem,
  Popover,
  Select,
  SelectValue,
  Text,
  TextArea,
  TextField,
  type TextFieldProps,
} from "react-aria-components";
import css from "./fields.module.css";
import menu from "./menu.module.css";

interface Shared {
  label: string;
  hint?: ReactNode;
  /** Why it was refused; see `errorsAt`. */
  errors?: readonly string[];
}

interface TextProperties extends Shared, Omit<TextFieldProps, "className" | "children"> {
  isLong?: boolean;
  placeholder?: string;
}

/** One line of text, or several. */
export function TextInput({ label, hint, errors = [], isLong = false, placeholder = "", ...rest }: TextProperties) {
  return (
    <TextField {...rest} className={css.field!} isInvalid={errors.length > 0}>
      <Label>{label}</Label>
      {isLong ? <TextArea rows={4} placeholder={placeholder} /> : <Input placeholder={placeholder} />}
      {hint && (
        <Text slot="description" className={css.hint!}>
          {hint}
        </Text>
      )}
      <FieldError className={css.error!}>{errors.length ? errors.join(" ") : undefined}</FieldError>
    </TextField>
  );
}

export interface Option<Key extends string> {
  id: Key;
  name: string;
}

interface ChoiceProperties<Key extends string> extends Shared {
  options: readonly Option<Key>[];
  value: Key | null;
  onChange: (key: Key) => void;
  isRequired?: boolean;
}

/** One of a few. */
export function Choice<Key extends string>({ label, hint, errors = [], options, value, onChange, isRequired = false }: ChoiceProperties<Key>) {
  return (
    <Select
      className={css.field!}
      value={value}
      onChange={(key) => onChange(key as Key)}
      isInvalid={errors.length > 0}
      isRequired={isRequired}
    >
      <Label>{label}</Label>
      <AriaButton className={css.select!}>
        <SelectValue />
        <ChevronDown aria-hidden />
      </AriaButton>
      {hint && (
        <Text slot="description" className={css.hint!}>
          {hint}
        </Text>
      )}
      <FieldError className={css.error!}>{errors.length ? errors.join(" ") : undefined}</FieldError>
      <Popover className={menu.popover!}>
        <ListBox className={menu.menu!} items={options}>
          {(option) => (
            <ListBoxItem id={option.id} textValue={option.name} className={menu.item!}>
              <bdi>{option.name}</bdi>
            </ListBoxItem>
          )}
        </ListBox>
      </Popover>
    </Select>
  );
}

/** Yes or no. */
export function Tick({ children, ...rest }: { isSelected: boolean; onChange: (is: boolean) => void; children: ReactNode; isDisabled?: boolean }) {
  return (
    <Checkbox {...rest} className={css.tick!}>
      <span className={css.box}>
        <Check aria-hidden />
      </span>
      <span>{children}</span>
    </Checkbox>
  );
}
