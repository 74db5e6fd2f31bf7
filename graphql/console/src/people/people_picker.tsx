/** Choose people by name, address or id. Only their names are asked: choosing is no look. */

import { Trans, useLingui } from "@lingui/react/macro";
import { X } from "lucide-react";
import { useState } from "react";
import { ComboBox, Input, Label, ListBox, ListBoxItem, Popover, Text } from "react-aria-components";
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

interface Properties {
  label: string;
  chosen: readonly Chosen[];
  onChange: (chosen: Chosen[]) => void;
  /** Why somebody could not be taken, by id. */
  reasons?: ReadonlyMap<string, string>;
}

export function PeoplePicker({ label, chosen, onChange, reasons = new Map() }: Properties) {
  const { t } = useLingui();
  const [text, setText] = useState("");
  const sought = useSettled(text.trim());
  const asked = usePart(PeopleToChooseQuery, { text: sought }, sought !== "");
  const found = sought === "" ? [] : (asked.data?.members.edges ?? []).map(({ node }) => node);
  const items = found.filter(({ id }) => !chosen.some((one) => one.id === id));
  const choose = (id: string) => {
    const person = items.find((one) => one.id === id);
    if (person) onChange([...chosen, person]);
    setText("");
  };
  return (
    <div className={css.picker}>
      <ComboBox
        className={fields.field!}
        items={items}
        inputValue={text}
        onInputChange={setText}
        selectedKey={null}
        onSelectionChange={(key) => key !== null && choose(String(key))}
        allowsEmptyCollection={text.trim() !== ""}
        menuTrigger="input"
      >
        <Label>{label}</Label>
        <Input placeholder={t`Name, address or id`} autoComplete="off" />
        <Text slot="description" className={fields.hint!}>
          <Hint isAsking={sought !== text.trim() || asked.isLoading} hasFound={found.length > 0} isEmpty={text.trim() === ""} />
        </Text>
        <Popover className={menu.popover!}>
          <ListBox className={menu.menu!}>
            {(person: Chosen) => (
              <ListBoxItem id={person.id} textValue={person.displayName ?? ""} className={menu.item!}>
                <bdi>{person.displayName ?? t`Without a name`}</bdi>
              </ListBoxItem>
            )}
          </ListBox>
        </Popover>
      </ComboBox>
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

function Hint({ isAsking, hasFound, isEmpty }: { isAsking: boolean; hasFound: boolean; isEmpty: boolean }) {
  if (isEmpty || hasFound) return <Trans>Type a beginning, then choose.</Trans>;
  return isAsking ? <Trans>Looking …</Trans> : <Trans>Nobody whom you may see is found.</Trans>;
}
