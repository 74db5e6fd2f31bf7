/** What is different between two previews, so that nobody has to compare them by eye. */

import { Trans, useLingui } from "@lingui/react/macro";
import { categoryName } from "../../words/taxonomy";
import { wordOf } from "../../words/requests";
import css from "./request.module.css";
import type { Preview } from "./types";
import { CONTENT_NAMES } from "./words";

interface Change {
  name: string;
  from: number;
  to: number;
}

export function WhatChanged({ before, now }: { before: Preview; now: Preview }) {
  const { t, i18n } = useLingui();
  if (before.digest === now.digest) {
    return (
      <p className={css.note} role="status">
        <Trans>Nothing has changed since the last preview.</Trans>
      </p>
    );
  }
  const changes = [
    ...compare(countsOf(before.categories, "category"), countsOf(now.categories, "category"), (key) => categoryName(i18n, key)),
    ...compare(countsOf(before.content, "what"), countsOf(now.content, "what"), (key) => wordOf(CONTENT_NAMES, i18n, key)),
    ...compare(recipientsOf(before), recipientsOf(now), (name) => t`Recipient ${name}`),
    ...compare(new Map([["listed", before.listed]]), new Map([["listed", now.listed]]), () => t`Texts to decide on`),
  ];
  return (
    <div className={css.note} role="status">
      <p>
        <Trans>This has changed since the last preview:</Trans>
      </p>
      {changes.length > 0 ? (
        <ul>
          {changes.map(({ name, from, to }) => (
            <li key={name}>
              <Trans>
                {name}: {from} before, {to} now
              </Trans>
            </li>
          ))}
        </ul>
      ) : (
        <p>
          <Trans>The numbers are the same; which entries they are, what was decided on texts, or the person's name or address has changed.</Trans>
        </p>
      )}
    </div>
  );
}

function countsOf<Name extends string>(rows: readonly ({ rows: number } & Record<Name, string>)[], name: Name): Map<string, number> {
  return new Map(rows.map((row) => [row[name], row.rows]));
}

function recipientsOf({ recipients }: Preview): Map<string, number> {
  return new Map(recipients.map(({ name, recipient }) => [recipient || name, 1]));
}

function compare(before: Map<string, number>, now: Map<string, number>, nameOf: (key: string) => string): Change[] {
  const keys = new Set([...before.keys(), ...now.keys()]);
  return [...keys]
    .map((key) => ({ name: nameOf(key), from: before.get(key) ?? 0, to: now.get(key) ?? 0 }))
    .filter(({ from, to }) => from !== to);
}
