import { Trans, useLingui } from "@lingui/react/macro";
import { ObjectLink } from "../../components/text_link";
import { useFormats } from "../../language/formats";
import { capital, categoryName } from "../../words/taxonomy";
import { cellAt, type Flows } from "./flows";
import { LedgerLink } from "./ledger_link";
import css from "./map.module.css";

/** Category by recipient; how many people, in each cell. */
export function Matrix({ flows }: { flows: Flows }) {
  const { t, i18n } = useLingui();
  const formats = useFormats();
  const most = Math.max(...flows.cells.map(({ people }) => people));
  return (
    <div className={css.scroll} role="region" aria-label={t`Data map`} tabIndex={0}>
      <table className={css.matrix}>
        <thead>
          <tr>
            <th scope="col">
              <Trans>Data</Trans>
            </th>
            {flows.recipients.map(({ key, name, installation }) => (
              <th key={key} scope="col">
                {installation ? (
                  <ObjectLink page="integrations" id={installation}>
                    <bdi>{name}</bdi>
                  </ObjectLink>
                ) : (
                  <bdi>{name}</bdi>
                )}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {flows.categories.map(({ key: category, isSpecial }) => (
            <tr key={category}>
              <th scope="row">
                {capital(categoryName(i18n, category), i18n.locale)}
                {isSpecial && (
                  <span className={css.special}>
                    <Trans>specially protected</Trans>
                  </span>
                )}
              </th>
              {flows.recipients.map((recipient) => {
                const cell = cellAt(flows, category, recipient.key);
                if (!cell) return <td key={recipient.key} />;
                const people = formats.number(cell.people);
                return (
                  <td key={recipient.key} className={isSpecial ? css.hatched : css.filled} data-share={Math.ceil((4 * cell.people) / Math.max(1, most))}>
                    <LedgerLink
                      installation={recipient.installation}
                      category={category}
                      label={t`${categoryName(i18n, category)} of ${people} people at ${recipient.name}: see the deliveries`}
                    >
                      {people}
                    </LedgerLink>
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
