import { useLingui } from "@lingui/react/macro";
import { useMemo } from "react";
import type { ResultOf } from "../../api/graphql";
import { Badge } from "../../components/badge";
import type { Column } from "../../components/data_table";
import { Deadline } from "../../components/moment";
import { ESCALATION_NAMES, KIND_NAMES, STATE_NAMES, STATE_TONES, wordOf } from "../../words/requests";
import type { QueueQuery } from "./documents";
import css from "./privacy.module.css";

export type Waiting = ResultOf<typeof QueueQuery>["escalatedRequests"]["edges"][number]["node"] & { id: string };

export function useColumns(): Column<Waiting>[] {
  const { t, i18n } = useLingui();
  return useMemo(
    () => [
      { id: "organisation", title: t`Organisation`, isRowHeader: true, cell: ({ organisationName }) => <bdi>{organisationName}</bdi> },
      { id: "what", title: t`For what`, cell: ({ rights }) => rights.map(({ kind }) => i18n._(KIND_NAMES[kind])).join(", ") },
      { id: "due", title: t`To be answered by`, cell: ({ dueAt }) => <Deadline at={dueAt} /> },
      { id: "why", title: t`With you, because`, cell: ({ escalationReason }) => wordOf(ESCALATION_NAMES, i18n, escalationReason) },
      { id: "since", title: t`Since`, isSecondary: true, cell: ({ escalatedAt }) => escalatedAt && <Deadline at={escalatedAt} isOver /> },
      {
        id: "state",
        title: t`State`,
        cell: ({ rights, lateSince }) => (
          <span className={css.badges}>
            {lateSince && <Badge tone="alarm">{t`Late`}</Badge>}
            {[...new Set(rights.map(({ state }) => state))].map((state) => (
              <Badge key={state} tone={STATE_TONES[state]}>
                {state === "WITH_PRIVACY_TEAM" ? t`To be decided` : i18n._(STATE_NAMES[state])}
              </Badge>
            ))}
          </span>
        ),
      },
    ],
    [t, i18n],
  );
}
