/**
 * A field that finds as one types. Its list is loaded when somebody comes to the field; until then a plain one stands there,
 * which is the same to see and to hear, and hands over the focus and what was typed meanwhile.
 */

import { type KeyboardEvent, type ReactNode, type RefObject, useId, useLayoutEffect, useRef, useState } from "react";
import type { Option } from "./choice";
import type { FieldProperties } from "./fields";
import css from "./fields.module.css";
import { NotLoaded, whenWanted } from "./opened";

export interface FindingProperties extends FieldProperties {
  /** Of the field, for what leads to it. */
  id?: string;
  options: readonly Option<string>[];
  /** Whether the options are what was found for the text: then all of them are offered. */
  areFound?: boolean;
  /** What the list says while it is empty; without it there is no list then. */
  nothing?: ReactNode;
  chosen?: string | null;
  text: string;
  onText: (text: string) => void;
  /** Null when the field is left, or its text given up, and nothing is chosen. */
  onChoose: (id: string | null) => void;
  isRequired?: boolean;
  placeholder?: string;
}

/** What the plain field was left with. */
export interface HandedOver {
  hasFocus: boolean;
  /** What stood there when somebody came. */
  before: string;
  selection: [number | null, number | null];
  /** An arrow that asks for the list. */
  pressed: string | null;
}

const useFindingList = whenWanted(() => import("./finding_list"), "FindingList");

export function Finding(properties: FindingProperties) {
  const [hasCome, setHasCome] = useState(false);
  // A letter that is put together of several keys is not interrupted.
  const [isComposing, setIsComposing] = useState(false);
  const handedOver = useRef<HandedOver>(null);
  const { Known, hasFailed, retry } = useFindingList(hasCome);
  if (Known && !isComposing) return <Known {...properties} handedOver={handedOver} />;
  return (
    <>
      <PlainField {...properties} handedOver={handedOver} onCome={() => setHasCome(true)} onComposing={setIsComposing} />
      {hasFailed && <NotLoaded onRetry={retry} />}
    </>
  );
}

interface PlainProperties extends FindingProperties {
  handedOver: RefObject<HandedOver | null>;
  onCome: () => void;
  onComposing: (is: boolean) => void;
}

function PlainField({ id, label, hint, errors = [], text, onText, isRequired = false, placeholder = "", handedOver, onCome, onComposing }: PlainProperties) {
  const own = useId();
  const field = useRef<HTMLInputElement>(null);
  const before = useRef(text);
  const pressed = useRef<string>(null);
  const described = [hint ? `${own}-hint` : "", errors.length ? `${own}-error` : ""].filter(Boolean).join(" ");
  useLayoutEffect(
    () => () => {
      // It still stands in the page.
      const { selectionStart = null, selectionEnd = null } = field.current ?? {};
      const hasFocus = document.activeElement === field.current;
      handedOver.current = { hasFocus, before: before.current, selection: [selectionStart, selectionEnd], pressed: pressed.current };
    },
    [handedOver],
  );
  const press = (event: KeyboardEvent) => {
    const isArrow = event.key === "ArrowDown" || event.key === "ArrowUp";
    if (isArrow) pressed.current = event.key;
    // Enter looks at the list for what was typed: it does not send the form.
    if (isArrow || (event.key === "Enter" && text !== before.current)) event.preventDefault();
  };
  return (
    <div className={css.field} data-invalid={errors.length > 0 || undefined} onPointerEnter={onCome}>
      <label htmlFor={id ?? own}>{label}</label>
      <input
        ref={field}
        id={id ?? own}
        type="text"
        role="combobox"
        aria-expanded={false}
        aria-autocomplete="list"
        aria-invalid={errors.length > 0 || undefined}
        aria-describedby={described || undefined}
        autoComplete="off"
        autoCorrect="off"
        spellCheck={false}
        required={isRequired}
        placeholder={placeholder}
        value={text}
        onChange={({ target }) => {
          pressed.current = null;
          onText(target.value);
        }}
        onFocus={() => {
          before.current = text;
          onCome();
        }}
        onKeyDown={press}
        onCompositionStart={() => onComposing(true)}
        onCompositionEnd={() => onComposing(false)}
      />
      {hint && (
        <span id={`${own}-hint`} className={css.hint}>
          {hint}
        </span>
      )}
      {errors.length > 0 && (
        <span id={`${own}-error`} className={css.error}>
          {errors.join(" ")}
        </span>
      )}
    </div>
  );
}
