import { Trans } from "@lingui/react/macro";
import { useState } from "react";
import { ComboBox, FieldError, Input, Label, ListBox, ListBoxItem, Popover, Text } from "react-aria-components";
import { useQuery } from "urql";
import { PalettePeopleQuery } from "../shell/documents";
import { useSettled } from "../shell/settled";
import css from "./fields.module.css";
import menu from "./menu.module.css";

interface Properties {
  label: string;
  hint?: string;
  errors?: readonly string[];
  /** The name of who is chosen already. */
  initial?: string;
  isOptional?: boolean;
  onChange: (memberId: string | null) => void;
}

/** A member, found by name. It asks for names alone, so that nobody was looked at. */
export function PersonPicker({ label, hint, errors = [], initial = "", isOptional = false, onChange }: Properties) {
  const [text, setText] = useState(initial);
  const name = useSettled(text.trim());
  const [{ data }] = useQuery({ query: PalettePeopleQuery, variables: { text: name }, pause: name.length === 0 || name === initial });
  const isAsked = data !== undefined && name.length > 0;
  const people = data?.members.edges.map(({ node }) => node) ?? [];
  return (
    <ComboBox
      className={css.field!}
      inputValue={text}
      onInputChange={(typed) => {
        setText(typed);
        // Without a name nobody is chosen any more.
        if (typed === "" && text !== "") onChange(null);
      }}
      items={people}
      onSelectionChange={(key) => {
        if (key !== null) onChange(String(key));
      }}
      // What the server found stands here as it was found.
      defaultFilter={() => true}
      // The list opens before the first names are there.
      allowsEmptyCollection
      isInvalid={errors.length > 0}
      isRequired={!isOptional}
    >
      <Label>{label}</Label>
      <Input autoComplete="off" />
      {hint && (
        <Text slot="description" className={css.hint!}>
          {hint}
        </Text>
      )}
      <FieldError className={css.error!}>{errors.length ? errors.join(" ") : undefined}</FieldError>
      <Popover className={menu.popover!}>
        <ListBox className={menu.menu!} renderEmptyState={() => <span className={css.hint}>{isAsked ? <Trans>Nobody by this name</Trans> : "…"}</span>}>
          {(person: (typeof people)[number]) => (
            <ListBoxItem id={person.id} textValue={person.displayName ?? ""} className={menu.item!}>
              <bdi>{person.displayName}</bdi>
            </ListBoxItem>
          )}
        </ListBox>
      </Popover>
    </ComboBox>
  );
}
