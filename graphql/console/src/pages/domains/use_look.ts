/** Have a record looked for: the look takes moments, and its end is awaited for some seconds. */

import { useState } from "react";
import { useClient } from "urql";
import { useCommand } from "../../api/use_command";
import { DomainCheckQuery, VerifyDomainMutation } from "./documents";

const PAUSE_MS = 700;
const MOST_LOOKS = 15;

/** Nothing here shows people's data, so that asking again is no look at anybody. */
export function useLook(id: string, refresh: () => void) {
  const client = useClient();
  const command = useCommand(VerifyDomainMutation);
  const [isAwaited, setIsAwaited] = useState(false);
  const isOver = async () => {
    const { data } = await client.query(DomainCheckQuery, { id }, { requestPolicy: "network-only" }).toPromise();
    return data?.domain?.isCheckAsked === false;
  };
  const run = async () => {
    if (!(await command.run({ input: { domainId: id } }))) return;
    setIsAwaited(true);
    for (let look = 0; look < MOST_LOOKS && !(await isOver()); look += 1) {
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
    setIsAwaited(false);
    refresh();
  };
  return { run, isRunning: command.isRunning || isAwaited, refusals: command.refusals, failure: command.failure };
}
