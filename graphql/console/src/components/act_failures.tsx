/** Why acts that a button of the page does at once were not done: it stands in the page until another attempt. */

import type { Refused } from "../api/failures";
import type { Command } from "../api/use_command";
import { Reason } from "./states";

type Attempted = Pick<Command<never, never>, "refusals" | "failure">;

export function ActFailures({ commands }: { commands: readonly Attempted[] }) {
  return (
    <>
      <Refusals refusals={commands.flatMap(({ refusals }) => refusals)} />
      {commands.map(({ failure }, place) => failure && <Reason key={place} failure={failure} isAct />)}
    </>
  );
}

/** Refusals that are about no field on the page. */
export function Refusals({ refusals }: { refusals: readonly Refused[] }) {
  return (
    <div role="alert">
      {refusals.map(({ code, message }) => (
        <p key={code + message}>{message}</p>
      ))}
    </div>
  );
}
