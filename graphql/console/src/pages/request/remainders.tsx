/** What an erasure kept for a while: shown on demand, and ended by its date or earlier. */

import { Plural, Trans, useLingui } from "@lingui/react/macro";
import { useState } from "react";
import { useCommand } from "../../api/use_command";
import { Refusals } from "../../components/act_failures";
import { Button, Buttons } from "../../components/button";
import { CommandForm, errorsAt } from "../../components/command_form";
import { Dialog } from "../../components/dialog";
import { TextInput } from "../../components/fields";
import { Deadline } from "../../components/moment";
import { Reason } from "../../components/states";
import { EraseRemainderMutation, ReadRemainderMutation } from "./left/documents";
import { wordOf } from "../../words/requests";
import css from "./request.module.css";
import type { Right } from "./types";
import { FIELD_NAMES } from "./words";

type Remainder = Right["remainders"][number];

interface Properties {
  right: Right;
  mayAct: boolean;
  refresh: () => void;
}

export function Remainders({ right, mayAct, refresh }: Properties) {
  const { t } = useLingui();
  const [ending, setEnding] = useState<Remainder>();
  if (right.remainders.length === 0) return null;
  return (
    <>
      <h3>
        <Trans>Kept for a while</Trans>
      </h3>
      <ul className={css.plain}>
        {right.remainders.map((remainder) => (
          <li key={remainder.id}>
            <span>
              <bdi>{remainder.named}</bdi> (<Plural value={remainder.rows} one="# entry" other="# entries" />){" "}
              {remainder.endedAt ? (
                <Trans>
                  erased on <Deadline at={remainder.endedAt} isOver />
                </Trans>
              ) : remainder.until ? (
                <Trans>
                  until <Deadline at={remainder.until} />, then it is erased by itself
                </Trans>
              ) : (
                t`until somebody ends it`
              )}
            </span>
            {mayAct && !remainder.endedAt && (
              <>
                <Kept remainder={remainder} />
                <Buttons>
                  <Button onPress={() => setEnding(remainder)}>
                    <Trans>Erase it now…</Trans>
                  </Button>
                </Buttons>
              </>
            )}
          </li>
        ))}
      </ul>
      {ending && <EraseDialog remainder={ending} onClose={() => setEnding(undefined)} onDone={refresh} />}
    </>
  );
}

/** The values, which are read by a person who asks for it: that is written into the audit log. */
function Kept({ remainder }: { remainder: Remainder }) {
  const { i18n } = useLingui();
  const command = useCommand(ReadRemainderMutation);
  const [values, setValues] = useState<Record<string, unknown>>();
  const read = async () => {
    const done = await command.run({ input: { remainderId: remainder.id } });
    if (done) setValues((done.values ?? {}) as Record<string, unknown>);
  };
  const entries = Object.entries(values ?? {});
  return (
    <>
      {!values && (
        <Button kind="quiet" isPending={command.isRunning} onPress={() => void read()}>
          <Trans>Show the values (is recorded)</Trans>
        </Button>
      )}
      <Refusals refusals={command.refusals} />
      {command.failure && <Reason failure={command.failure} isAct />}
      {values && entries.length === 0 && (
        <p className={css.hint}>
          <Trans>Only other entries are kept, no values of the person's own.</Trans>
        </p>
      )}
      {entries.length > 0 && (
        <dl className={css.facts}>
          {entries.map(([name, value]) => (
            <div key={name}>
              <dt>{wordOf(FIELD_NAMES, i18n, name)}</dt>
              <dd>
                <bdi>{String(value)}</bdi>
              </dd>
            </div>
          ))}
        </dl>
      )}
    </>
  );
}

function EraseDialog({ remainder, onClose, onDone }: { remainder: Remainder; onClose: () => void; onDone: () => void }) {
  const { t } = useLingui();
  const command = useCommand(EraseRemainderMutation);
  const [reason, setReason] = useState("");
  const erase = async () => {
    if (!(await command.run({ input: { remainderId: remainder.id, reason } }))) return;
    onClose();
    onDone();
  };
  return (
    <Dialog title={t`Erase what was kept`} onClose={onClose} isAlert>
      <CommandForm act={t`Erase it for good`} isDangerous onSubmit={erase} onCancel={onClose} command={command} fields={["reason"]}>
        <p>
          <Plural value={remainder.rows} one="# entry is erased now, here and at recipients. It can't be taken back." other="# entries are erased now, here and at recipients. It can't be taken back." />
        </p>
        <TextInput label={t`Why it need not stay`} isLong value={reason} onChange={setReason} errors={errorsAt(command.refusals, "reason")} isRequired autoFocus />
      </CommandForm>
    </Dialog>
  );
}
