/** What is owed, by state and age: bars for the eye, the same numbers as a table. */

import { Plural, Trans, useLingui } from "@lingui/react/macro";
import type { ResultOf } from "../../../api/graphql";
import { Moment } from "../../../components/moment";
import { Plot } from "../../../components/plot";
import { useFormats } from "../../../language/formats";
import { OBLIGATION_STATE_NAMES } from "../../../words/obligations";
import type { ObligationsQuery } from "./documents";
import css from "./health.module.css";

type Figure = NonNullable<ResultOf<typeof ObligationsQuery>["overview"]["obligations"]>[number];

export function Health({ figures: all }: { figures: readonly Figure[] }) {
  const { t } = useLingui();
  const figures = all.filter(({ count }) => count > 0);
  if (figures.length === 0) return null;
  return <Plot title={t`What is owed now`} picture={<Bars figures={figures} />} table={<Table figures={figures} />} />;
}

function Bars({ figures }: { figures: readonly Figure[] }) {
  const { i18n } = useLingui();
  const most = Math.max(...figures.map(({ count }) => count));
  return (
    <ul className={css.bars}>
      {figures.map(({ state, count, late, oldestAt }) => (
        <li key={state}>
          <span>{i18n._(OBLIGATION_STATE_NAMES[state])}</span>
          <svg className={css.bar} viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden>
            <rect className={css.inTime} width={(100 * (count - late)) / most} height={10} />
            <rect className={css.late} x={(100 * (count - late)) / most} width={(100 * late) / most} height={10} />
          </svg>
          <span className={css.words}>
            <Plural value={count} one="#" other="#" />
            {late > 0 && (
              <>
                {" "}
                · <Plural value={late} one="# late" other="# late" />
              </>
            )}
            {oldestAt && (
              <>
                {" "}
                ·{" "}
                <Trans>
                  oldest: <Moment at={oldestAt} />
                </Trans>
              </>
            )}
          </span>
        </li>
      ))}
    </ul>
  );
}

function Table({ figures }: { figures: readonly Figure[] }) {
  const { t, i18n } = useLingui();
  const formats = useFormats();
  return (
    <table className={css.table} aria-label={t`What is owed now`}>
      <thead>
        <tr>
          <th scope="col">
            <Trans>State</Trans>
          </th>
          <th scope="col">
            <Trans>How many</Trans>
          </th>
          <th scope="col">
            <Trans>Late</Trans>
          </th>
          <th scope="col">
            <Trans>Oldest</Trans>
          </th>
        </tr>
      </thead>
      <tbody>
        {figures.map(({ state, count, late, oldestAt }) => (
          <tr key={state}>
            <th scope="row">{i18n._(OBLIGATION_STATE_NAMES[state])}</th>
            <td>{formats.number(count)}</td>
            <td>{formats.number(late)}</td>
            <td>{oldestAt && <Moment at={oldestAt} />}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
