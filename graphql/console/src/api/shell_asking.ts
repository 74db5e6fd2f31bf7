import { createContext } from "react";
import type { ResultOf } from "./graphql";
import type { ShellQuery } from "./documents";

export type Viewer = ResultOf<typeof ShellQuery>["viewer"];

/** Who asks what the shell shows: the page with its own document, or else the shell. */
export interface Asking {
  /** Whether somebody has to bring it along: nobody knows yet who looks. */
  isWanted: () => boolean;
  /** The page brings it along. */
  claim: () => void;
  /** What the page has brought. */
  know: (viewer: Viewer) => void;
  /** Nobody brings it: the shell asks by itself, once. */
  ask: () => void;
  /** The page is there, and has said whether it brings it along. */
  arrive: () => void;
}

const NOBODY: Asking = { isWanted: () => false, claim: () => {}, know: () => {}, ask: () => {}, arrive: () => {} };

export const ShellAsking = createContext(NOBODY);
