/** A form that does one act: what was typed stays until it is done, and each refusal stands at its field. */

import { Trans } from "@lingui/react/macro";
import { type FormEvent, type ReactNode, useEffect, useId } from "react";
import { Form } from "react-aria-components";
import type { Failure, Refused } from "../api/failures";
import { Refusals } from "./act_failures";
import { Button, Buttons } from "./button";
import { Reason } from "./states";

interface Properties {
  /** What the button says: it names the deed. */
  act: ReactNode;
  /** The id of that button, for keys that lead to it. */
  buttonId?: string;
  isDangerous?: boolean;
  /** Where nothing is to be filled in, the focus stands at what does no harm. */
  isCancelFirst?: boolean;
  isReady?: boolean;
  onSubmit: () => Promise<void>;
  onCancel?: () => void;
  command: { isRunning: boolean; refusals: readonly Refused[]; failure: Failure | undefined; clear?: () => void };
  /** The names of the input's fields that the form shows: other refusals are said above the buttons. */
  fields: readonly string[];
  children: ReactNode;
}

export function CommandForm({ act, buttonId, isDangerous = false, isCancelFirst = false, isReady = true, onSubmit, onCancel, command, fields, children }: Properties) {
  const cancel = useId();
  useEffect(() => {
    const button = document.getElementById(cancel);
    if (isCancelFirst && !button?.closest("form")?.querySelector("input, textarea")) button?.focus();
  }, [cancel, isCancelFirst]);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!command.isRunning) void onSubmit();
  };
  const others = command.refusals.filter(({ path }) => !path.some((name) => fields.includes(name)));
  return (
    // What was refused is forgotten with the next change: a browser sends no form with a field that is marked as wrong.
    <div onChange={() => command.refusals.length > 0 && command.clear?.()}>
      <Form onSubmit={submit}>
        {children}
        <Refusals refusals={others} />
        {command.failure && <Reason failure={command.failure} isAct />}
        <Buttons>
          <Button type="submit" {...(buttonId ? { id: buttonId } : {})} kind={isDangerous ? "danger" : "main"} isPending={command.isRunning} isDisabled={!isReady}>
            {command.failure ? <Trans>Try again: {act}</Trans> : act}
          </Button>
          {onCancel && (
            <Button id={cancel} kind="quiet" onPress={onCancel}>
              <Trans>Cancel</Trans>
            </Button>
          )}
        </Buttons>
      </Form>
    </div>
  );
}

/** What the API says of a field: hand it to the field as `errors`. */
export function errorsAt(refusals: readonly Refused[], field: string): string[] {
  return refusals.filter(({ path }) => path.includes(field)).map(({ message }) => message);
}
