import { Trans, useLingui } from "@lingui/react/macro";
import { useMemo } from "react";
import type { ResultOf } from "../../api/graphql";
import { Badge } from "../../components/badge";
import type { Column } from "../../components/data_table";
import { Deadline } from "../../components/moment";
import { NextClock } from "../../components/next_clock";
import { HANDLER_NAMES, KIND_NAMES, STATE_NAMES, STATE_TONES } from "../../words/requests";
import type { RequestRowFields } from "./documents";
import css from "./requests.module.css";

export type RequestRow = ResultOf<typeof RequestRowFields>;

export function useColumns(): Column<RequestRow>[] {
  const { t, i18n } = useLingui();
  return useMemo(
    () => [
      { id: "person", title: t`Who asks`, isRowHeader: true, cell: (row) => <Asker row={row} /> },
      { id: "what", title: t`For what`, cell: (row) => row.rights.map(({ kind }) => i18n._(KIND_NAMES[kind])).join(", ") },
      { id: "next", title: t`Next`, cell: (row) => <NextClock request={row} /> },
      { id: "due", title: t`To be answered by`, cell: (row) => <Deadline at={row.dueAt} isOver={row.endedAt !== null} /> },
      {
        id: "state",
        title: t`State`,
        cell: ({ rights, handler }) => (
          <span className={css.badges}>
            {[...new Set(rights.map(({ state }) => state))].map((state) => (
              <Badge key={state} tone={STATE_TONES[state]}>
                {i18n._(STATE_NAMES[state])}
              </Badge>
            ))}
            <span className={css.hint}>{i18n._(HANDLER_NAMES[handler])}</span>
          </span>
        ),
      },
    ],
    [t, i18n],
  );
}

export function Asker({ row }: { row: RequestRow }) {
  return row.member ? <bdi>{row.member.displayName}</bdi> : <Trans>Somebody you may not see</Trans>;
}
