import { Trans, useLingui } from "@lingui/react/macro";
import type { introspection } from "../../../api/schema";
import { Badge } from "../../../components/badge";
import css from "../installation/installation.module.css";
import { EFFECT_NAMES, EFFECT_TONES } from "../words";
import { useSaid } from "./said";

export interface Difference {
  kind: string;
  effect: introspection["types"]["DifferenceEffect"]["enumValues"];
  what: string;
  before: string;
  after: string;
  message: string;
}

interface Told {
  values: { difference: { values: { what: unknown; before?: unknown; after?: unknown } } };
}

/** What was declared and what is declared now, row by row, and whether it takes more. */
export function DifferenceTable({ label, differences }: { label: string; differences: readonly Difference[] }) {
  const { t, i18n } = useLingui();
  const said = useSaid();
  return (
    <table className={css.table} aria-label={label}>
      <thead>
        <tr>
          <th scope="col">
            <Trans>What</Trans>
          </th>
          <th scope="col">
            <Trans>Before</Trans>
          </th>
          <th scope="col">
            <Trans>Now</Trans>
          </th>
        </tr>
      </thead>
      <tbody>
        {differences.map(({ effect, what, before, after, message }) => {
          const told = (JSON.parse(message) as Told).values.difference.values;
          return (
            <tr key={message}>
              <th scope="row">
                {said(JSON.stringify(told.what), what)} <Badge tone={EFFECT_TONES[effect]}>{i18n._(EFFECT_NAMES[effect])}</Badge>
              </th>
              <td data-title={t`Before`}>{before ? said(JSON.stringify(told.before), before) : "–"}</td>
              <td data-title={t`Now`}>{after ? said(JSON.stringify(told.after), after) : "–"}</td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}
