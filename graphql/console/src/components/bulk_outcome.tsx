/** What became of an act on many: how many it was done for, and for each of the others why not. They stay selected. */

import { Plural, Trans } from "@lingui/react/macro";
import { Button } from "./button";
import css from "./states.module.css";

interface Properties {
  done: number;
  /** The reason for each row that was refused, by its id. */
  refused: ReadonlyMap<string, string>;
  onRetry: () => void;
}

export function BulkOutcome({ done, refused, onRetry }: Properties) {
  if (refused.size === 0) return null;
  return (
    <div role="alert" className={css.failed}>
      <p>
        <Plural value={done} _0="Done for none." one="Done for # person." other="Done for # people." />{" "}
        <Plural value={refused.size} one="For # it was refused; the reason stands at the row." other="For # it was refused; the reasons stand at the rows." />
      </p>
      <Button onPress={onRetry}>
        <Trans>Retry failed</Trans>
      </Button>
    </div>
  );
}
