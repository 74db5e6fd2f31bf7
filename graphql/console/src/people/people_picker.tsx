/** Choose people by name, address or id. Only their names are asked: choosing is no look. */

import { Trans, useLingui } from "@lingui/react/macro";
import { type ReactNode, useId, useState } from "react";
import { usePart } from "../api/use_page";
import { ChosenList } from "../components/chosen_list";
import css from "../components/chosen_list.module.css";
import fields from "../components/fields.module.css";
import { Finding } from "../components/finding";
import { useSettled } from "../shell/settled";
import { PeopleToChooseQuery } from "./documents";

export interface Chosen {
  id: string;
  displayName: string | null;
}

interface FinderProperties {
  id?: string;
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
function Finder({ text, without = [], known, onChoose, ...field }: FinderProperties) {
  const { t } = useLingui();
  const isNew = (one: string) => one !== "" && one !== known;
  const typed = text.trim();
  const sought = useSettled(typed);
  const asked = usePart(PeopleToChooseQuery, { text: sought }, isNew(sought));
  const found = isNew(typed) && isNew(sought) ? (asked.data?.members.edges ?? []).map(({ node }) => node) : [];
  const people = found.filter(({ id }) => !without.some((one) => one.id === id));
  const choose = (id: string | null) => {
    const person = people.find((one) => one.id === id);
    if (person) onChoose(person);
  };
  return (
    <Finding
      {...field}
      text={text}
      options={people.map(({ id, displayName }) => ({ id, name: displayName ?? t`Without a name` }))}
      areFound
      nothing={isNew(typed) ? <Nobody isAsking={sought !== typed || asked.isLoading} /> : undefined}
      onChoose={choose}
      placeholder={t`Name, address or id`}
    />
  );
}

function Nobody({ isAsking }: { isAsking: boolean }) {
  return <span className={fields.hint}>{isAsking ? <Trans>Looking …</Trans> : <Trans>Nobody whom you may see is found.</Trans>}</span>;
}

interface PersonProperties {
  label: string;
  hint?: string;
  errors?: readonly string[];
  /** The name of who is chosen already; it may come later. */
  initial?: string;
  isOptional?: boolean;
  onChange: (memberId: string | null) => void;
}

/** One member; without a text nobody is chosen. */
export function PersonPicker({ initial = "", isOptional = false, onChange, ...field }: PersonProperties) {
  const [text, setText] = useState(initial);
  const [known, setKnown] = useState(initial);
  const [given, setGiven] = useState(initial);
  if (given !== initial) {
    setGiven(initial);
    setKnown(initial);
    // What is being typed stays.
    if (text === known) setText(initial);
  }
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
export function PeoplePicker({ label, chosen, onChange, reasons }: PeopleProperties) {
  const { t } = useLingui();
  const field = useId();
  const [text, setText] = useState("");
  const choose = (person: Chosen) => {
    onChange([...chosen, person]);
    setText("");
  };
  return (
    <div className={css.choosing}>
      <Finder id={field} label={label} hint={<Trans>Type a beginning, then choose.</Trans>} text={text} onText={setText} without={chosen} onChoose={choose} />
      <ChosenList
        chosen={chosen.map(({ id, displayName }) => ({ id, name: displayName ?? t`Without a name` }))}
        field={field}
        nameRemoving={(name) => t`Leave ${name} out`}
        onRemove={(id) => onChange(chosen.filter((one) => one.id !== id))}
        {...(reasons ? { reasons } : {})}
      />
    </div>
  );
}
