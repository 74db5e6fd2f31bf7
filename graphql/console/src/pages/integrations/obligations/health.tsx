/** What is owed, by state and age: bars for the eye, the same numbers as a table. */

import { msg } from "@lingui/core/macro";
import type { MessageDescriptor } from "@lingui/core";
import { Plural, Trans, useLingui } from "@lingui/react/macro";
import type { ResultOf } from "../../../api/graphql";
import { Moment } from "../../../components/moment";
import { Plot } from "../../../components/plot";
import { useFormats } from "../../../language/formats";
import { OBLIGATION_STATE_NAMES } from "../../../words/obligations";
import type { ObligationsQuery } from "./documents";
import css from "./health.module.css";

type Figure = NonNullable<ResultOf<typeof ObligationsQuery>["overview"]["obligations"]>[number];
type Age = "day" | "week" | "month" | "older";

/** The newest first, as they stand in a bar. */
const AGE_NAMES: Record<Age, MessageDescriptor> = {
  day: msg`Since a day at most`,
  week: msg`Up to a week`,
  month: msg`Up to 30 days`,
  older: msg`Longer`,
};
const AGES = Object.keys(AGE_NAMES) as Age[];

export function Health({ figures: all }: { figures: readonly Figure[] }) {
  const { t } = useLingui();
  const figures = all.filter(({ count }) => count > 0);
  if (figures.length === 0) return null;
  return <Plot title={t`What is owed now, and for how long`} picture={<Picture figures={figures} />} table={<Table figures={figures} />} />;
}

function Picture({ figures }: { figures: readonly Figure[] }) {
  const { i18n } = useLingui();
  return (
    <>
      <ul className={css.legend}>
        {AGES.map((age) => (
          <li key={age}>
            <span className={`${css.sample} ${css[age]}`} aria-hidden />
            {i18n._(AGE_NAMES[age])}
          </li>
        ))}
      </ul>
      <Bars figures={figures} />
    </>
  );
}

function Bars({ figures }: { figures: readonly Figure[] }) {
  const { i18n } = useLingui();
  const most = Math.max(...figures.map(({ count }) => count));
  return (
    <ul className={css.bars}>
      {figures.map((figure) => (
        <li key={figure.state}>
          <span>{i18n._(OBLIGATION_STATE_NAMES[figure.state])}</span>
          <Bar ages={figure.ages} most={most} />
          <InWords figure={figure} />
        </li>
      ))}
    </ul>
  );
}

/** One part for each age; what is newer stands before what is older. */
function Bar({ ages, most }: { ages: Figure["ages"]; most: number }) {
  const before = (age: Age) => AGES.slice(0, AGES.indexOf(age)).reduce((sum, one) => sum + ages[one], 0);
  return (
    <svg className={css.bar} viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden>
      {AGES.map((age) => (
        <rect key={age} className={css[age]} x={(100 * before(age)) / most} width={(100 * ages[age]) / most} height={10} />
      ))}
    </svg>
  );
}

function InWords({ figure: { count, late, oldestAt } }: { figure: Figure }) {
  return (
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
  );
}

function Table({ figures }: { figures: readonly Figure[] }) {
  const { t, i18n } = useLingui();
  const { number } = useFormats();
  const heads = [t`State`, t`How many`, t`Late`, ...AGES.map((age) => i18n._(AGE_NAMES[age])), t`Oldest`];
  return (
    <div className={css.scroll} role="region" aria-label={t`What is owed now`} tabIndex={0}>
      <table className={css.table}>
        <thead>
          <tr>
            {heads.map((head) => (
              <th key={head} scope="col">
                {head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {figures.map(({ state, count, late, oldestAt, ages }) => (
            <tr key={state}>
              <th scope="row">{i18n._(OBLIGATION_STATE_NAMES[state])}</th>
              {[count, late, ...AGES.map((age) => ages[age])].map((value, place) => (
                <td key={heads[place + 1]}>{number(value)}</td>
              ))}
              <td>{oldestAt && <Moment at={oldestAt} />}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
