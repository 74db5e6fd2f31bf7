import { Plural, Trans, useLingui } from "@lingui/react/macro";
import { PROOF_NAMES } from "../../words/obligations";
import css from "./certificate.module.css";
import { named } from "./names";
import { PlacesTable } from "./places";
import type { Uninstallation } from "./verifying";

/** What was given back when an integration was taken away, and how that is proven as a whole. */
export function UninstallationPart({ statement: { people, grade, places } }: { statement: Uninstallation }) {
  const { i18n } = useLingui();
  return (
    <section className={css.right}>
      <h2>
        <Trans>All together: {named(PROOF_NAMES, i18n, grade)}</Trans>
      </h2>
      <p>
        <Plural
          value={people}
          _0="Nothing was delivered of anybody."
          one="It may have held data of # person. What was owed of single people is counted, and names nobody."
          other="It may have held data of # people. What was owed of single people is counted, and names nobody."
        />
      </p>
      {places.length > 0 && <PlacesTable places={places} />}
    </section>
  );
}
