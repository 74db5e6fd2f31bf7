import { Trans, useLingui } from "@lingui/react/macro";
import type { MessageDescriptor } from "@lingui/core";
import type { ResultOf } from "../../api/graphql";
import { Badge } from "../../components/badge";
import { Button } from "../../components/button";
import type { Column } from "../../components/data_table";
import { Moment } from "../../components/moment";
import css from "./audit.module.css";
import type { AuditQuery } from "./documents";
import { ACTIONS, ACTORS, TARGETS } from "./words";

type Entry = ResultOf<typeof AuditQuery>["auditLog"]["edges"][number]["node"];

export function useColumns(narrow: (change: { actor?: string; action?: string; target?: string }) => void): Column<Entry>[] {
  const { t, i18n } = useLingui();
  return [
    { id: "at", title: t`When`, cell: ({ at }) => <span className={css.when}><Moment at={at} isExact /></span> },
    {
      id: "who",
      title: t`Who`,
      cell: ({ actor, actorKind }) =>
        actor ? (
          <Button kind="quiet" className={css.narrow!} onPress={() => narrow({ actor: actor.id })} aria-label={t`Only acts of ${actor.displayName}`}>
            <bdi>{actor.displayName}</bdi>
          </Button>
        ) : (
          named(ACTORS, actorKind)
        ),
    },
    {
      id: "what",
      title: t`What`,
      isRowHeader: true,
      cell: ({ action, outcome }) => (
        <>
          {named(ACTIONS, action)}
          {outcome !== "done" && (
            <>
              {" "}
              <Badge tone="warn">
                <Trans>
                  Not done: <bdi>{outcome}</bdi>
                </Trans>
              </Badge>
            </>
          )}
        </>
      ),
    },
    {
      id: "whom",
      title: t`Whom or what`,
      cell: ({ targetKind, targetId }) =>
        targetId ? (
          <Button kind="quiet" className={css.narrow!} onPress={() => narrow({ target: targetId })} aria-label={t`${named(TARGETS, targetKind)}: only entries on this one`}>
            {named(TARGETS, targetKind)}
          </Button>
        ) : (
          named(TARGETS, targetKind)
        ),
    },
    { id: "details", title: t`Details`, isSecondary: true, cell: (entry) => <Details entry={entry} /> },
    { id: "sequence", title: t`No.`, isSecondary: true, cell: ({ sequence }) => <bdi>{sequence}</bdi> },
  ];

  function named(names: Record<string, MessageDescriptor>, code: string) {
    const name = names[code];
    return name ? i18n._(name) : <code>{code}</code>;
  }
}

/** Codes, counts and names of fields, as the chain has them. */
function Details({ entry: { purpose, details } }: { entry: Entry }) {
  const known = Object.entries((details ?? {}) as Record<string, unknown>);
  return (
    <span className={css.details}>
      {purpose && <bdi>{purpose}</bdi>}{" "}
      {known.map(([name, value]) => (
        <code key={name}>
          {name}: {typeof value === "string" ? value : JSON.stringify(value)}{" "}
        </code>
      ))}
    </span>
  );
}
