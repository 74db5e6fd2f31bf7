import { createContext } from "react";

/** Who asks what the shell shows: the page with its own document, or else the shell. */
export const ShellAsking = createContext({
  /** The page brings it along. */
  claim: () => {},
  /** Nobody brings it: the shell asks by itself. */
  ask: () => {},
  /** The page is there, and has said whether it brings it along. */
  arrive: (): unknown => undefined,
});
