/** Choose people by name, address or id. Only their names are asked: choosing is no look. */

import { Trans, useLingui } from "@lingui/react/macro";
import { X } from "lucide-react";
import { type ReactNode, useState } from "react";
import { ComboBox, FieldError, Input, Label, ListBox, ListBoxItem, Popover, Text } from "react-aria-components";
import { usePart } from "../api/use_page";
import { Button } from "../components/button";
import fields from "../components/fields.module.css";
import menu from "../components/menu.module.css";
import { useSettled } from "../shell/settled";
import { PeopleToChooseQuery } from "./documents";
import css from "./people_picker.module.css";

export interface Chosen {
  id: string;
  displayName: string | null;
}

interface FinderProperties {
  label: string;
  hint?: ReactNode;
  errors?: readonly string[];
  isRequired?: boolean;
  text: string;
  onText: (text: string) => void;
  /** Who is not offered. */
  without?: readonly Chosen[];
  /** The name of who is chosen already: it is not sought. */
  known?: string;
  onChoose: (person: Chosen) => void;
}

/** The field in which somebody is sought; what becomes of the choice is its owner's. */
function Finder({ label, hint, errors = [], isRequired = false, text, onText, without = [], known, onChoose }: FinderProperties) {
  const { t } = useLingui();
  const sought = useSettled(text.trim());
  const isSought = sought !== "" && sought !== known;
  const asked = usePart(PeopleToChooseQuery, { text: sought }, isSought);
  const found = isSought ? (asked.data?.members.edges ?? []).map(({ node }) => node) : [];
  const items = found.filter(({ id }) => !without.some((one) => one.id === id));
  const choose = (id: string) => {
    const person = items.find((one) => one.id === id);
    if (person) onChoose(person);
  };
  const isAsking = sought !== text.trim() || asked.isLoading;
  return (
    <ComboBox
      className={fields.field!}
      items={items}
      inputValue={text}
      onInputChange={onText}
      selectedKey={null}
      onSelectionChange={(key) => key !== null && choose(String(key))}
      // What the server found stands here as it was found.
      defaultFilter={() => true}
      allowsEmptyCollection={isSought}
      menuTrigger="input"
      isInvalid={errors.length > 0}
      isRequired={isRequired}
    >
      <Label>{label}</Label>
      <Input placeholder={t`Name, address or id`} autoComplete="off" />
      {hint && (
        <Text slot="description" className={fields.hint!}>
          {hint}
        </Text>
      )}
      <FieldError className={fields.error!}>{errors.length ? errors.join(" ") : undefined}</FieldError>
      <Popover className={menu.popover!}>
        <ListBox className={menu.menu!} renderEmptyState={() => <Nobody isAsking={isAsking} />}>
          {(person: Chosen) => (
            <ListBoxItem id={person.id} textValue={person.displayName ?? ""} className={menu.item!}>
              <bdi>{person.displayName ?? t`Without a name`}</bdi>
            </ListBoxItem>
          )}
        </ListBox>
      </Popover>
    </ComboBox>
  );
}

function Nobody({ isAsking }: { isAsking: boolean }) {
  return <span className={fields.hint}>{isAsking ? <Trans>Looking …</Trans> : <Trans>Nobody whom you may see is found.</Trans>}</span>;
}

interface PersonProperties {
  label: string;
  hint?: string;
  errors?: readonly string[];
  /** The name of who is chosen already. */
  initial?: string;
  isOptional?: boolean;
  onChange: (memberId: string | null) => void;
}

/** One member; without a text nobody is chosen. */
export function PersonPicker({ initial = "", isOptional = false, onChange, ...field }: PersonProperties) {
  const [text, setText] = useState(initial);
  const [known, setKnown] = useState(initial);
  return (
    <Finder
      {...field}
      isRequired={!isOptional}
      text={text}
      known={known}
      onText={(typed) => {
        setText(typed);
        if (typed === "" && text !== "") onChange(null);
      }}
      onChoose={({ id, displayName }) => {
        setKnown(displayName ?? "");
        setText(displayName ?? "");
        onChange(id);
      }}
    />
  );
}

interface PeopleProperties {
  label: string;
  chosen: readonly Chosen[];
  onChange: (chosen: Chosen[]) => void;
  /** Why somebody could not be taken, by id. */
  reasons?: ReadonlyMap<string, string>;
}

/** Several, who stand below until they are sent. */
export function PeoplePicker({ label, chosen, onChange, reasons = new Map() }: PeopleProperties) {
  const { t } = useLingui();
  const [text, setText] = useState("");
  const choose = (person: Chosen) => {
    onChange([...chosen, person]);
    setText("");
  };
  return (
    <div className={css.picker}>
      <Finder label={label} hint={<Trans>Type a beginning, then choose.</Trans>} text={text} onText={setText} without={chosen} onChoose={choose} />
      {chosen.length > 0 && (
        <ul className={css.chosen}>
          {chosen.map((person) => (
            <li key={person.id}>
              <bdi>{person.displayName ?? t`Without a name`}</bdi>
              {reasons.has(person.id) && <span className={css.reason}>{reasons.get(person.id)}</span>}
              <Button kind="icon" aria-label={t`Leave ${person.displayName ?? ""} out`} onPress={() => onChange(chosen.filter(({ id }) => id !== person.id))}>
                <X aria-hidden />
              </Button>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
