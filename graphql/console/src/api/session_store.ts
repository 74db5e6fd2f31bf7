/** The session of this browser, as the whole console sees it: who, what proves it to the API, and whether it is over. */

import { useSyncExternalStore } from "react";
import { loadSession, type Session } from "../sign_in/session";

export interface SessionState {
  session: Session;
  /** The session was refused: somebody has to sign in, in place, before anything goes on. */
  isOver: boolean;
}

let state: SessionState | undefined;
let resumed: (() => void)[] = [];
const listeners = new Set<() => void>();

function become(next: SessionState) {
  state = next;
  for (const listener of listeners) listener();
}

export function currentSession(): Session {
  if (!state) throw new Error("The session is loaded before anything is asked.");
  return state.session;
}

/** Ask the server for the session: its token changes at each step of a sign-in. */
export async function renewSession(): Promise<Session> {
  const session = await loadSession();
  become({ session, isOver: state?.isOver ?? false });
  return session;
}

/** Wait until somebody has signed in again, over the page; what was typed stays. */
export function awaitSignIn(): Promise<void> {
  if (state && !state.isOver) become({ ...state, isOver: true });
  return new Promise((resolve) => resumed.push(resolve));
}

/** Go on after a sign-in; as somebody else, everything begins anew. */
export async function signedInAgain(): Promise<void> {
  const before = currentSession().account?.email;
  const session = await loadSession();
  if (session.account?.email !== before) return location.reload();
  become({ session, isOver: false });
  const waiting = resumed;
  resumed = [];
  for (const resolve of waiting) resolve();
}

export function useSession(): SessionState {
  const now = useSyncExternalStore(subscribe, () => state);
  if (!now) throw new Error("The session is loaded before anything is shown.");
  return now;
}

function subscribe(listener: () => void) {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
