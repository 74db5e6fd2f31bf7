import { Plural, Trans, useLingui } from "@lingui/react/macro";
import { useFormats } from "../../language/formats";
import { OBLIGATION_STATE_NAMES, BASIS_NAMES, PROOF_NAMES, VERB_NAMES } from "../../words/obligations";
import { categoryName } from "../../words/taxonomy";
import css from "./certificate.module.css";
import { named } from "./names";
import { ENDED_NAMES, KIND_NAMES } from "./words";
import type { CertifiedRight, EndedPlace, Place } from "./verifying";

/** One right: how it ended, and what was done at each place. */
export function Places({ right }: { right: CertifiedRight }) {
  const { i18n } = useLingui();
  const formats = useFormats();
  return (
    <section className={css.right}>
      <h2>
        {named(KIND_NAMES, i18n, right.kind)}: {named(ENDED_NAMES, i18n, right.state)}
      </h2>
      {right.decided_at && (
        <p>
          <Trans>
            Decided on {formats.date(right.decided_at)}, ended on {formats.date(right.ended_at)}.
          </Trans>
        </p>
      )}
      {right.limited.map(({ what, until }) => (
        <p key={what}>
          <Trans>
            Withheld or kept: {what}, until {until}
          </Trans>
        </p>
      ))}
      {right.places.length > 0 && <PlacesTable places={right.places} />}
    </section>
  );
}

/** What was owed at each place, how it ended, and how that is proven. */
export function PlacesTable({ places }: { places: (Place | EndedPlace)[] }) {
  const { t } = useLingui();
  return (
    <div className={css.scroll}>
      <table className={css.table} aria-label={t`What was done, and where`}>
        <thead>
          <tr>
            <th scope="col">{t`Who`}</th>
            <th scope="col">{t`Asked to`}</th>
            <th scope="col">{t`State`}</th>
            <th scope="col">{t`Proof`}</th>
          </tr>
        </thead>
        <tbody>
          {places.map((place, number) => (
            <Row key={number} place={place} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Row({ place }: { place: Place | EndedPlace }) {
  const { t, i18n } = useLingui();
  const formats = useFormats();
  return (
    <tr>
      <th scope="row">
        <bdi>{place.recipient}</bdi>
      </th>
      <td>
        {named(VERB_NAMES, i18n, place.verb)}
        {"people" in place && <span className={css.kept}>{place.people ? <Plural value={place.people} one="# person" other="# people" /> : <Trans>everybody</Trans>}</span>}
      </td>
      <td>
        {named(OBLIGATION_STATE_NAMES, i18n, place.state)} {place.ended_at && formats.date(place.ended_at)} {place.is_earlier && t`(before it was asked for)`}
        {place.retained.map(({ category, until }) => (
          <span key={category} className={css.kept}>
            <Trans>
              Kept there: {categoryName(i18n, category)} {until}
            </Trans>
          </span>
        ))}
      </td>
      <td>
        {place.proof ? named(PROOF_NAMES, i18n, place.proof) : t`none`}
        {place.basis && <span className={css.kept}>{named(BASIS_NAMES, i18n, place.basis)}</span>}
      </td>
    </tr>
  );
}
