/**
 * Acts by their harm. Reversible ones are done at once, and their undo stays in the page (`useReversible`). Delayed and final
 * ones show in numbers what they will do (`HarmDialog`); the button names the deed, and the name is typed above 25 people.
 */

import type { ReactNode } from "react";
import { useTell } from "../shell/outcomes";
import { opened } from "./opened";

export const HarmDialog = opened(() => import("./harm_dialog"), "HarmDialog");

/** Do at once what can be taken back; the page says it, with Undo beside it. */
export function useReversible() {
  const tell = useTell();
  return async function act<Done>(run: () => Promise<Done | undefined>, text: ReactNode, undo: () => Promise<unknown>): Promise<Done | undefined> {
    const done = await run();
    if (done !== undefined) tell({ text, undo });
    return done;
  };
}
