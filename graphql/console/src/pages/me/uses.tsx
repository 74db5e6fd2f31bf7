import { Trans, useLingui } from "@lingui/react/macro";
import { Badge } from "../../components/badge";
import { Button } from "../../components/button";
import { useFormats } from "../../language/formats";
import { fieldName } from "../../words/data_fields";
import { BASIS_NAMES } from "../../words/legal_bases";
import { categoryName, purposeName } from "../../words/taxonomy";
import type { Choices } from "../../components/choosing/use_choices";
import css from "./me.module.css";
import type { MyData, Recipient } from "./recipients";

type Use = Recipient["uses"][number];

/** What a recipient may get, purpose by purpose, why that is lawful, and whether it flows now. */
export function Uses({ recipient, mine, choices }: { recipient: Recipient; mine: MyData; choices: Choices }) {
  const { t, i18n } = useLingui();
  if (recipient.uses.length === 0) return null;
  return (
    <div className={css.scroll}>
      <table className={css.table} aria-label={t`What ${recipient.integration} may get`}>
        <thead>
          <tr>
            <th scope="col">
              <Trans>In order to</Trans>
            </th>
            <th scope="col">
              <Trans>Data</Trans>
            </th>
            <th scope="col">
              <Trans>Why it is allowed</Trans>
            </th>
            <th scope="col">
              <Trans>Now</Trans>
            </th>
          </tr>
        </thead>
        <tbody>
          {recipient.uses.map((use) => (
            <tr key={use.category + use.purpose}>
              <th scope="row">{purposeName(i18n, use.purpose)}</th>
              <td>
                <Data use={use} />
              </td>
              <td>{i18n._(BASIS_NAMES[use.legalBasis])}</td>
              <td>
                <Flow use={use} recipient={recipient} mine={mine} choices={choices} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Data({ use }: { use: Use }) {
  const { i18n } = useLingui();
  const formats = useFormats();
  return use.fields.length ? formats.list(use.fields.map((name) => fieldName(i18n, name))) : categoryName(i18n, use.category);
}

function Flow({ use, recipient: { installationId: id, integration }, mine, choices }: { use: Use; recipient: Recipient; mine: MyData; choices: Choices }) {
  const { t, i18n } = useLingui();
  const consent = mine.myConsents.find(
    (one) =>
      !one.withdrawnAt &&
      one.purpose === use.purpose &&
      (one.recipient === null || one.recipient.installationId === id) &&
      !one.withdrawnFor.some(({ recipient }) => recipient?.installationId === id),
  );
  const purpose = purposeName(i18n, use.purpose);
  return (
    <span className={css.flow}>
      {use.isShared ? <Badge tone="info">{t`sent`}</Badge> : <Badge>{t`not sent`}</Badge>}
      {use.legalBasis === "CONSENT" && consent && (
        <Button
          kind="quiet"
          isDisabled={choices.isRunning}
          onPress={() => void choices.withdraw(consent, consent.recipient ? null : id)}
          aria-label={t`Withdraw the consent for ${integration} to ${purpose}`}
        >
          <Trans>Withdraw consent</Trans>
        </Button>
      )}
    </span>
  );
}
