/** The particulars of a right: what to correct, or which purpose and recipient it is about; and what limits it. */

import { Plural, Trans, useLingui } from "@lingui/react/macro";
import { Deadline } from "../../components/moment";
import { categoryName, purposeName } from "../../words/taxonomy";
import { wordOf } from "../../words/requests";
import css from "./request.module.css";
import type { Right } from "./types";
import { FIELD_NAMES, LIMITATION_REASON_NAMES } from "./words";

interface Particulars {
  fields?: Record<string, string>;
  purpose?: string;
  installationId?: string;
  about?: string;
}

export function particularsOf(right: Right): Particulars {
  return (right.details ?? {}) as Particulars;
}

export function Details({ right }: { right: Right }) {
  const { i18n } = useLingui();
  const { fields, purpose, installationId, about } = particularsOf(right);
  return (
    <>
      {fields && (
        <dl className={css.facts}>
          {Object.entries(fields).map(([name, value]) => (
            <div key={name}>
              <dt>{wordOf(FIELD_NAMES, i18n, name)}</dt>
              <dd>{value ? <bdi>{value}</bdi> : <Trans>removed</Trans>}</dd>
            </div>
          ))}
        </dl>
      )}
      {purpose && (
        <p>
          {installationId ? (
            <Trans>For one recipient, about the purpose: {purposeName(i18n, purpose)}.</Trans>
          ) : (
            <Trans>For every recipient, about the purpose: {purposeName(i18n, purpose)}.</Trans>
          )}
        </p>
      )}
      {about && (
        <p>
          <Trans>Of the account alone, which the provider holds.</Trans>
        </p>
      )}
      <Limitations right={right} />
    </>
  );
}

function Limitations({ right }: { right: Right }) {
  const { i18n } = useLingui();
  if (right.limitations.length === 0) return null;
  return (
    <ul className={css.plain}>
      {right.limitations.map((limitation, place) => (
        <li key={place}>
          <span>
            <strong>{i18n._(LIMITATION_REASON_NAMES[limitation.reasonCode])}</strong>: <bdi>{limitation.reason}</bdi>
          </span>
          <span className={css.hint}>
            {[...limitation.categories.map((key) => categoryName(i18n, key)), ...limitation.columns].join(", ")}{" "}
            {limitation.items.length > 0 && <Plural value={limitation.items.length} one="# post or file" other="# posts or files" />}{" "}
            {limitation.passages > 0 && <Plural value={limitation.passages} one="# passage" other="# passages" />}{" "}
            {limitation.until && (
              <Trans>
                until <Deadline at={limitation.until} isOver />
              </Trans>
            )}{" "}
            {limitation.keepsAtRecipients && <Trans>Recipients keep it without using it.</Trans>}
          </span>
        </li>
      ))}
    </ul>
  );
}
