import { Trans } from "@lingui/react/macro";
import { type ReactNode, useState } from "react";
import { Button } from "./button";
import css from "./plot.module.css";

interface Properties {
  /** What it shows. */
  title: string;
  /** For the eye; what it says stands in words too, never in colours alone. */
  picture: ReactNode;
  /** The same as a table. */
  table: ReactNode;
}

/** A plot that is a table too, whichever somebody would rather read. */
export function Plot({ title, picture, table }: Properties) {
  const [isTable, setIsTable] = useState(false);
  return (
    <figure className={css.plot}>
      <figcaption>
        {title}
        <Button kind="quiet" onPress={() => setIsTable(!isTable)}>
          {isTable ? <Trans>Show as a picture</Trans> : <Trans>Show as a table</Trans>}
        </Button>
      </figcaption>
      {isTable ? table : picture}
    </figure>
  );
}
