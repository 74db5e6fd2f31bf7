import { Trans, useLingui } from "@lingui/react/macro";
import { useState } from "react";
import { Badge } from "../../../components/badge";
import { opened } from "../../../components/opened";
import { useFormats } from "../../../language/formats";
import { capital, categoryName, purposeName } from "../../../words/taxonomy";
import { useManages } from "../authority";
import { Retention } from "../declaration";
import type { GrantRow } from "../grant_chips";
import { AUDIENCE_NAMES, BASIS_NAMES, ENDING, fieldName } from "../words";
import { GrantCell } from "./grant_cell";
import type { Installation } from "./installation_page";
import css from "./installation.module.css";

const WithdrawDialog = opened(() => import("../withdraw_dialog"), "WithdrawDialog");

/** Category by purpose: what is allowed, since when, and what may be allowed. */
export function GrantMatrix({ installation, onDone }: { installation: Installation; onDone: () => void }) {
  const { t, i18n } = useLingui();
  const mayManage = useManages()(installation) && !ENDING.has(installation.state);
  const [stopping, setStopping] = useState<GrantRow>();
  const { receives } = installation.declaration;
  const purposes = [...new Set(receives.map(({ purpose }) => purpose))];
  const categories = [...new Map(receives.map((entry) => [entry.category, entry])).values()];
  return (
    <>
      {installation.grants.length === 0 && (
        <p>
          <Trans>Nothing is allowed yet: it gets no data.</Trans>
        </p>
      )}
      <table className={css.table} aria-label={t`What ${installation.name} may get`}>
        <thead>
          <tr>
            <th scope="col">
              <Trans>Data</Trans>
            </th>
            {purposes.map((purpose) => (
              <th key={purpose} scope="col">
                <Trans>In order to: {purposeName(i18n, purpose)}</Trans>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {categories.map(({ category, fields, isSpecial, legalBasis, audience, retentionDays, onwardRecipients }) => (
            <tr key={category}>
              <th scope="row">
                {capital(categoryName(i18n, category), i18n.locale)}{" "}
                {isSpecial && (
                  <Badge tone="warn">
                    <Trans>Specially protected</Trans>
                  </Badge>
                )}
                <FieldsNote category={category} fields={fields} />
                <span className={css.note}>
                  {i18n._(AUDIENCE_NAMES[audience])} · {i18n._(BASIS_NAMES[legalBasis])}
                </span>
                <span className={css.note}>
                  <Retention days={retentionDays} onward={onwardRecipients} />
                </span>
              </th>
              {purposes.map((purpose) => (
                <td key={purpose} data-title={t`In order to: ${purposeName(i18n, purpose)}`}>
                  {receives.some((entry) => entry.category === category && entry.purpose === purpose) && (
                    <GrantCell
                      installation={installation}
                      pair={{ category, purpose }}
                      mayManage={mayManage}
                      onStop={setStopping}
                      onDone={onDone}
                    />
                  )}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      {installation.declaration.provides.length > 0 && (
        <SendsHere installation={installation} mayManage={mayManage} onStop={setStopping} onDone={onDone} />
      )}
      {stopping && <WithdrawDialog grant={stopping} name={installation.name} onDone={onDone} onClose={() => setStopping(undefined)} />}
    </>
  );
}

interface SendsProperties {
  installation: Installation;
  mayManage: boolean;
  onStop: (grant: GrantRow) => void;
  onDone: () => void;
}

/** What it may send here of people: kept apart from their profiles, as long as it is allowed. */
function SendsHere({ installation, mayManage, onStop, onDone }: SendsProperties) {
  const { t, i18n } = useLingui();
  return (
    <table className={css.table} aria-label={t`What ${installation.name} may send here`}>
      <thead>
        <tr>
          <th scope="col">
            <Trans>Data that it sends here</Trans>
          </th>
          <th scope="col">
            <Trans>Purpose</Trans>
          </th>
          <th scope="col">
            <Trans>Use</Trans>
          </th>
        </tr>
      </thead>
      <tbody>
        {installation.declaration.provides.map(({ category, purpose, fields, isSpecial }) => (
          <tr key={`${category} ${purpose}`}>
            <th scope="row">
              {capital(categoryName(i18n, category), i18n.locale)}{" "}
              {isSpecial && (
                <Badge tone="warn">
                  <Trans>Specially protected</Trans>
                </Badge>
              )}
              <FieldsNote category={category} fields={fields} isOfServer />
            </th>
            <td data-title={t`Purpose`}>{purposeName(i18n, purpose)}</td>
            <td data-title={t`Use`}>
              <GrantCell installation={installation} pair={{ category, purpose }} isIncoming mayManage={mayManage} onStop={onStop} onDone={onDone} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** Which data a category stands for here, where its name does not say it all. */
function FieldsNote({ category, fields, isOfServer }: { category: string; fields: readonly string[]; isOfServer?: boolean }) {
  const { i18n } = useLingui();
  const formats = useFormats();
  const text = formats.list(fields.map((name) => fieldName(i18n, name)));
  return text === categoryName(i18n, category) ? null : (
    // A third party names what it sends as it likes.
    <span className={css.note} data-of-server={isOfServer || undefined}>
      {text}
    </span>
  );
}
