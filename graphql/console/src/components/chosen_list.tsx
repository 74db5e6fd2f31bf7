import { X } from "lucide-react";
import { Button } from "./button";
import type { Option } from "./choice";
import css from "./chosen_list.module.css";

interface Properties {
  /** What it is called, where nothing else says so. */
  labelledBy?: string;
  chosen: readonly Option<string>[];
  /** The id of the field in which more are chosen. */
  field: string;
  /** What the button at one of them is called. */
  nameRemoving: (name: string) => string;
  onRemove: (id: string) => void;
  /** Why one could not be taken, by id. */
  reasons?: ReadonlyMap<string, string>;
}

/** Several that were chosen, each to be taken out again. */
export function ChosenList({ labelledBy, chosen, field, nameRemoving, onRemove, reasons = new Map() }: Properties) {
  if (chosen.length === 0) return null;
  return (
    <ul className={css.chosen} aria-labelledby={labelledBy}>
      {chosen.map(({ id, name }) => (
        <li key={id}>
          <bdi>{name}</bdi>
          {reasons.has(id) && <span className={css.reason}>{reasons.get(id)}</span>}
          <Button
            kind="icon"
            aria-label={nameRemoving(name)}
            onPress={({ target }) => {
              goOn(target, field);
              onRemove(id);
            }}
          >
            <X aria-hidden />
          </Button>
        </li>
      ))}
    </ul>
  );
}

/** Whose button goes away with it hands the focus to the next, or to the field after the last. */
function goOn(button: Element, field: string) {
  const row = button.closest("li");
  const next = (row?.nextElementSibling ?? row?.previousElementSibling)?.querySelector("button");
  (next ?? document.getElementById(field))?.focus();
}
