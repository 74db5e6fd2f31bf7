/** Fields of forms. Each shows under itself why it was refused: by the browser, or by the API, which names it by `path`. */

import { Check } from "lucide-react";
import { type ReactNode, useEffect, useRef } from "react";
import { Checkbox, FieldError, Input, Label, Text, TextArea, TextField, type TextFieldProps } from "react-aria-components";
import css from "./fields.module.css";

export interface FieldProperties {
  label: string;
  hint?: ReactNode;
  /** Why it was refused; see `errorsAt`. */
  errors?: readonly string[];
}

interface TextProperties extends Omit<FieldProperties, "label">, Omit<TextFieldProps, "className" | "children"> {
  label: ReactNode;
  isLong?: boolean;
  placeholder?: string;
}

/** One line of text, or several. */
export function TextInput({ label, hint, errors = [], isLong = false, placeholder = "", autoFocus = false, ...rest }: TextProperties) {
  const line = useRef<HTMLInputElement>(null);
  const lines = useRef<HTMLTextAreaElement>(null);
  useEffect(() => {
    // At once: React Aria waits a moment while the key that led here is held, and then leaves the focus where it is by then.
    if (autoFocus) (line.current ?? lines.current)?.focus();
    // Only when it comes: a focus that somebody has moved stays where it is.
  }, []);
  return (
    <TextField {...rest} className={css.field!} isInvalid={errors.length > 0}>
      <Label>{label}</Label>
      {isLong ? <TextArea ref={lines} rows={4} placeholder={placeholder} /> : <Input ref={line} placeholder={placeholder} />}
      {hint && (
        <Text slot="description" className={css.hint!}>
          {hint}
        </Text>
      )}
      <FieldError className={css.error!}>{errors.length ? errors.join(" ") : undefined}</FieldError>
    </TextField>
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
