/** Open requests by what is to be done next, in the order in which a request passes through it. */

import { msg } from "@lingui/core/macro";
import type { MessageDescriptor } from "@lingui/core";
import { Trans, useLingui } from "@lingui/react/macro";
import { Link } from "@tanstack/react-router";
import { Deadline } from "../../components/moment";
import { useObjectAddress } from "../../components/text_link";
import { KIND_NAMES, type RightState } from "../../words/requests";
import { Asker, type RequestRow } from "./columns";
import css from "./requests.module.css";

interface Stage {
  id: string;
  title: MessageDescriptor;
  /** Who acts, or which clock. */
  next: MessageDescriptor;
  holds: (row: RequestRow, state: RightState) => boolean;
}

const STAGES: readonly Stage[] = [
  { id: "unproven", title: msg`Identity not proven`, next: msg`The person acts; after 14 days the request expires.`, holds: (_, state) => state === "SUBMITTED" },
  {
    id: "acknowledge",
    title: msg`To be acknowledged`,
    next: msg`You act within 72 hours, or the privacy team has it.`,
    holds: (row, state) => state === "WITH_ADMIN" && row.acknowledgedAt === null,
  },
  {
    id: "decide",
    title: msg`To be decided`,
    next: msg`You act within 7 days, or the privacy team has it.`,
    holds: (row, state) => state === "WITH_ADMIN" && row.acknowledgedAt !== null,
  },
  {
    id: "team",
    title: msg`With the privacy team`,
    next: msg`The provider's privacy team decides.`,
    holds: (_, state) => state === "WITH_PRIVACY_TEAM" || state === "REFUSED" || state === "ESCALATED",
  },
  {
    id: "commit",
    title: msg`Agreed, not done yet`,
    next: msg`Of an erasure, somebody previews and commits it; all else is carried out by itself.`,
    holds: (_, state) => state === "APPROVED" || state === "PREVIEWED",
  },
  { id: "scheduled", title: msg`Waits before it is erased`, next: msg`It can be called off until the day it is erased.`, holds: (_, state) => state === "SCHEDULED" },
  {
    id: "doing",
    title: msg`Being done`,
    next: msg`Recipients answer, and what they did is proven.`,
    holds: (_, state) => state === "IN_PROGRESS" || state === "AWAITING_VENDORS" || state === "ATTESTING",
  },
];

export function ByState({ rows }: { rows: readonly RequestRow[] }) {
  const { i18n } = useLingui();
  const filled = STAGES.map((stage) => ({ ...stage, rows: rows.filter((row) => row.rights.some(({ state }) => stage.holds(row, state))) }));
  return (
    <div className={css.stages}>
      {filled.map(({ id, title, next, rows: held, holds }) => (
        <section key={id} aria-labelledby={`stage-${id}`} className={css.stage} data-empty={held.length === 0 || undefined}>
          <h2 id={`stage-${id}`}>
            {i18n._(title)} <span className={css.count}>{held.length}</span>
          </h2>
          <p className={css.hint}>{i18n._(next)}</p>
          {held.length === 0 ? (
            <p className={css.hint}>
              <Trans>None.</Trans>
            </p>
          ) : (
            <ul className={css.entries}>
              {held.map((row) => (
                <Item key={row.id} row={row} holds={(state) => holds(row, state)} />
              ))}
            </ul>
          )}
        </section>
      ))}
    </div>
  );
}

function Item({ row, holds }: { row: RequestRow; holds: (state: RightState) => boolean }) {
  const { i18n } = useLingui();
  const addressOf = useObjectAddress();
  const kinds = row.rights.filter(({ state }) => holds(state)).map(({ kind }) => i18n._(KIND_NAMES[kind]));
  return (
    <li>
      <Link to={addressOf("requests", row.id)}>
        <Asker row={row} />
      </Link>
      <span>{kinds.join(", ")}</span>
      <Deadline at={row.dueAt} />
    </li>
  );
}
