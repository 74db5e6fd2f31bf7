import { type RefObject, useLayoutEffect, useRef, useState } from "react";
import { ComboBox, FieldError, Input, Label, ListBox, ListBoxItem, Popover, Text } from "react-aria-components";
import type { Option } from "./choice";
import fields from "./fields.module.css";
import type { FindingProperties, HandedOver } from "./finding";
import menu from "./menu.module.css";

type Properties = FindingProperties & { handedOver: RefObject<HandedOver | null> };

/** The field with its list, loaded when somebody comes to the first one. */
export function FindingList({ id, label, hint, errors = [], options, areFound = false, nothing, chosen = null, text, onText, onChoose, isRequired = false, placeholder = "", handedOver }: Properties) {
  const field = useRef<HTMLInputElement>(null);
  const before = useTakenOver(field, handedOver);
  return (
    <ComboBox
      {...(id === undefined ? {} : { id })}
      className={fields.field!}
      // What was found stands here as it was found; of what is known already the text selects.
      {...(areFound ? { items: options } : { defaultItems: options })}
      inputValue={before ?? text}
      onInputChange={onText}
      selectedKey={chosen}
      onSelectionChange={(key) => onChoose(key === null ? null : String(key))}
      allowsEmptyCollection={nothing !== undefined}
      menuTrigger="input"
      isInvalid={errors.length > 0}
      isRequired={isRequired}
    >
      <Label>{label}</Label>
      <Input ref={field} placeholder={placeholder} autoComplete="off" />
      {hint && (
        <Text slot="description" className={fields.hint!}>
          {hint}
        </Text>
      )}
      <FieldError className={fields.error!}>{errors.length ? errors.join(" ") : undefined}</FieldError>
      <Popover className={menu.popover!}>
        <ListBox className={menu.menu!} renderEmptyState={() => nothing}>
          {(option: Option<string>) => (
            <ListBoxItem id={option.id} textValue={option.name} className={menu.item!}>
              <bdi>{option.name}</bdi>
            </ListBoxItem>
          )}
        </ListBox>
      </Popover>
    </ComboBox>
  );
}

/**
 * Go on where the plain field was left. Returns the text that stood there when somebody came, once: what was typed since then
 * comes after it, as if it was typed here, and opens the list.
 */
function useTakenOver(field: RefObject<HTMLInputElement | null>, handedOver: RefObject<HandedOver | null>): string | undefined {
  const [taken, setTaken] = useState<HandedOver>();
  const [isTyped, setIsTyped] = useState(true);
  useLayoutEffect(() => {
    // Only now has the plain field gone, and said how it was left.
    const left = handedOver.current;
    handedOver.current = null;
    if (!left?.hasFocus) return;
    setTaken(left);
    setIsTyped(false);
    field.current?.focus({ preventScroll: true });
  }, [field, handedOver]);
  useLayoutEffect(() => {
    if (taken) setIsTyped(true);
  }, [taken]);
  useLayoutEffect(() => {
    if (!taken || !isTyped) return;
    field.current?.setSelectionRange(...taken.selection);
    if (taken.pressed) field.current?.dispatchEvent(new KeyboardEvent("keydown", { key: taken.pressed, bubbles: true, cancelable: true }));
  }, [field, taken, isTyped]);
  return isTyped ? undefined : taken?.before;
}
