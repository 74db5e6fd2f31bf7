import { Trans, useLingui } from "@lingui/react/macro";
import { useFormats } from "../../language/formats";
import { monthOf, weeksOf } from "./looks_by_week";
import type { Look } from "./looks";
import css from "./me.module.css";

const WIDTH = 720;
const HEIGHT = 150;
const TOP = 14;
const BOTTOM = 20;
const CLASSES = { member: css.bar, token: css.barProgram, privacy_team: css.barTeam };

/** A bar for each week of the year, by who looked; the same stands in the table. */
export function LooksPlot({ looks, now = new Date() }: { looks: readonly Look[]; now?: Date }) {
  const { t } = useLingui();
  const formats = useFormats();
  const weeks = weeksOf(looks, now);
  const most = Math.max(1, ...weeks.map(({ total }) => total));
  const step = WIDTH / weeks.length;
  const scale = (HEIGHT - TOP - BOTTOM) / most;
  return (
    <figure className={css.figure}>
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} className={css.plot} role="img" aria-label={t`Looks at your data, week by week for a year; the table says the same.`}>
        <text x={0} y={10} className={css.axis}>
          {formats.number(most)}
        </text>
        <line x1={0} x2={WIDTH} y1={HEIGHT - BOTTOM} y2={HEIGHT - BOTTOM} className={css.base} />
        {weeks.map((week, place) => (
          <g key={week.beginsAt.getTime()} transform={`translate(${place * step} 0)`}>
            <title>{`${formats.date(week.beginsAt)}: ${formats.number(week.total)}`}</title>
            {week.parts.map(({ kind, from, count }) => (
              <rect
                key={kind}
                x={1.5}
                width={Math.max(step - 3, 2)}
                y={HEIGHT - BOTTOM - (from + count) * scale}
                height={count * scale}
                className={CLASSES[kind]}
              />
            ))}
            {week.isNewMonth && (
              <text x={1} y={HEIGHT - 5} className={css.axis}>
                {monthOf(week.beginsAt, document.documentElement.lang)}
              </text>
            )}
          </g>
        ))}
      </svg>
      <figcaption>
        <ul className={css.legend}>
          <li>
            <Swatch name={css.bar} />
            <Trans>people</Trans>
          </li>
          <li>
            <Swatch name={css.barProgram} />
            <Trans>programs (outlined)</Trans>
          </li>
          <li>
            <Swatch name={css.barTeam} />
            <Trans>the provider's privacy team</Trans>
          </li>
        </ul>
      </figcaption>
    </figure>
  );
}

function Swatch({ name }: { name: string | undefined }) {
  return (
    <svg viewBox="0 0 10 10" aria-hidden>
      <rect x={1} y={1} width={8} height={8} className={name} />
    </svg>
  );
}
