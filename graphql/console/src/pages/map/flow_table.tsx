import { Trans, useLingui } from "@lingui/react/macro";
import { Moment } from "../../components/moment";
import { useFormats } from "../../language/formats";
import { capital, categoryName } from "../../words/taxonomy";
import type { Flows } from "./flows";
import { LedgerLink } from "./ledger_link";
import css from "./map.module.css";

/** Every flow in a row: what the picture says. */
export function FlowTable({ flows }: { flows: Flows }) {
  const { t, i18n } = useLingui();
  const formats = useFormats();
  return (
    <div className={css.scroll} role="region" aria-label={t`Flows`} tabIndex={0}>
      <table className={css.matrix}>
        <thead>
          <tr>
            <th scope="col">
              <Trans>Data</Trans>
            </th>
            <th scope="col">
              <Trans>Recipient</Trans>
            </th>
            <th scope="col">
              <Trans>People</Trans>
            </th>
            <th scope="col">
              <Trans>Last sent</Trans>
            </th>
          </tr>
        </thead>
        <tbody>
          {flows.cells.map(({ key, category, recipient, installation, people, lastAt, isSpecial }) => (
            <tr key={key + category}>
              <th scope="row">
                {capital(categoryName(i18n, category), i18n.locale)}
                {isSpecial && (
                  <span className={css.special}>
                    <Trans>specially protected</Trans>
                  </span>
                )}
              </th>
              <td>
                <bdi>{installation?.name ?? recipient}</bdi>
              </td>
              <td>
                <LedgerLink installation={installation?.id ?? null} category={category} label={t`${formats.number(people)} people: see the deliveries`}>
                  {formats.number(people)}
                </LedgerLink>
              </td>
              <td>
                <Moment at={lastAt} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
