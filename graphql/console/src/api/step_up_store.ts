/** The second step in place: who needs it waits here, the shell's dialog answers. */

import { useSyncExternalStore } from "react";

type Answer = (isShown: boolean) => void;

let waiting: Answer[] = [];
const listeners = new Set<() => void>();

/** Ask for the second step; true once it was shown, false where the person would rather not. */
export function askSecondStep(): Promise<boolean> {
  return new Promise((resolve) => {
    waiting = [...waiting, resolve];
    tell();
  });
}

export function answerSecondStep(isShown: boolean): void {
  const answered = waiting;
  waiting = [];
  tell();
  for (const answer of answered) answer(isShown);
}

export function useIsSecondStepAsked(): boolean {
  return useSyncExternalStore(subscribe, () => waiting.length > 0);
}

function subscribe(listener: () => void) {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function tell() {
  for (const listener of listeners) listener();
}
