/** What was just done: said in the page, where it stays with its way back until the person leaves or closes it. */

import { Trans, useLingui } from "@lingui/react/macro";
import { X } from "lucide-react";
import { createContext, type ReactNode, useContext, useMemo, useState } from "react";
import { Button } from "../components/button";
import css from "./outcomes.module.css";

export interface Outcome {
  text: ReactNode;
  /** Takes it back. */
  undo?: () => Promise<unknown> | void;
}

const Telling = createContext<(outcome: Outcome | undefined) => void>(() => {});
const Told = createContext<Outcome | undefined>(undefined);

export function OutcomeProvider({ children }: { children: ReactNode }) {
  const [outcome, tell] = useState<Outcome>();
  return (
    <Telling value={tell}>
      <Told value={outcome}>{children}</Told>
    </Telling>
  );
}

/** Say in the page what was done. */
export function useTell(): (outcome: Outcome | undefined) => void {
  return useContext(Telling);
}

/** Where it is said: below the title of the page. */
export function OutcomeLine() {
  const outcome = useContext(Told);
  const tell = useContext(Telling);
  const { t } = useLingui();
  const undo = useMemo(() => outcome?.undo, [outcome]);
  return (
    <div role="status">
      {outcome && (
        <div className={css.outcome}>
          <p>{outcome.text}</p>
          {undo && (
            <Button
              kind="quiet"
              onPress={() => {
                tell(undefined);
                void undo();
              }}
            >
              <Trans>Undo</Trans>
            </Button>
          )}
          <Button kind="icon" aria-label={t`Close`} onPress={() => tell(undefined)}>
            <X aria-hidden />
          </Button>
        </div>
      )}
    </div>
  );
}
