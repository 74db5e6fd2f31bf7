/** What a delayed or final act will do, in numbers; the button names the deed, and the name is typed above 25 people. */

import { Trans, useLingui } from "@lingui/react/macro";
import { type ReactNode, useState } from "react";
import type { Command } from "../api/use_command";
import { CommandForm } from "./command_form";
import { Dialog } from "./dialog";
import { TextInput } from "./fields";
import { Part } from "./states";
import css from "./harm.module.css";

const MANY_PEOPLE = 25;

interface Figure {
  label: string;
  value: ReactNode;
}

interface Properties {
  title: string;
  /** Names the deed: “Uninstall Address book”. */
  act: string;
  /** What is asked to preview it; its numbers are shown once they are there. */
  preview?: { data: unknown; failure: Command<never, never>["failure"]; isLoading: boolean; refresh: () => void };
  figures: readonly Figure[];
  /** How many people it concerns; above 25 the name of the object is typed. */
  people: number;
  objectName: string;
  /** When it happens and how it is called off, where it is delayed. */
  delay?: ReactNode;
  command: Pick<Command<never, never>, "isRunning" | "refusals" | "failure">;
  onCommit: () => Promise<void>;
  onClose: () => void;
  /** What the act asks besides: a reason, a choice. */
  children?: ReactNode;
}

export function HarmDialog({ title, act, preview, figures, people, objectName, delay, command, onCommit, onClose, children }: Properties) {
  const { t } = useLingui();
  const [typed, setTyped] = useState("");
  const isTypedAsked = people > MANY_PEOPLE;
  const isPreviewed = !preview || (preview.data !== undefined && !preview.failure && !preview.isLoading);
  const isReady = isPreviewed && (!isTypedAsked || typed.trim().normalize() === objectName.trim().normalize());
  const facts = (
    <dl className={css.figures}>
      {figures.map(({ label, value }) => (
        <div key={label}>
          <dt>{label}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
  return (
    <Dialog title={title} onClose={onClose} isAlert>
      <CommandForm act={act} isDangerous isCancelFirst isReady={isReady} onSubmit={onCommit} onCancel={onClose} command={command} fields={[]}>
        {preview ? (
          <Part asked={preview} lines={3}>
            {facts}
          </Part>
        ) : (
          facts
        )}
        {delay && <p>{delay}</p>}
        {children}
        {isTypedAsked && (
          <TextInput
            label={t`Type the name to go on: ${objectName}`}
            hint={<Trans>This concerns {people} people.</Trans>}
            value={typed}
            onChange={setTyped}
            autoComplete="off"
            autoFocus
          />
        )}
      </CommandForm>
    </Dialog>
  );
}
