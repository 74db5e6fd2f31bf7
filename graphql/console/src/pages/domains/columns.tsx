import { Trans, useLingui } from "@lingui/react/macro";
import { useMemo } from "react";
import type { ResultOf } from "../../api/graphql";
import { Badge } from "../../components/badge";
import type { Column } from "../../components/data_table";
import { Deadline, Moment } from "../../components/moment";
import type { DomainsQuery } from "./documents";
import { DOMAIN_STATES, DOMAIN_TONES, ENROLMENTS, OVER } from "./words";

export type DomainRow = ResultOf<typeof DomainsQuery>["domains"]["edges"][number]["node"];

export function useColumns(): Column<DomainRow>[] {
  const { t, i18n } = useLingui();
  return useMemo(
    () => [
      { id: "name", title: t`Domain`, isRowHeader: true, cell: (domain) => <DomainName {...domain} /> },
      { id: "state", title: t`State`, cell: ({ state }) => <Badge tone={DOMAIN_TONES[state]}>{i18n._(DOMAIN_STATES[state])}</Badge> },
      { id: "next", title: t`Next`, cell: (domain) => <Next domain={domain} /> },
      {
        id: "policy",
        title: t`Accounts with an address there`,
        cell: ({ policy, state }) => !OVER.has(state) && i18n._(ENROLMENTS[policy?.enrolment ?? "OFF"]),
      },
    ],
    [t, i18n],
  );
}

/** As people read it, and as the DNS does where that differs. */
export function DomainName({ name, displayName, scope }: Pick<DomainRow, "name" | "displayName" | "scope">) {
  return (
    <>
      <bdi>{displayName}</bdi>
      {name !== displayName && (
        <>
          {" "}
          (<bdi>{name}</bdi>)
        </>
      )}
      {scope === "SUBTREE" && (
        <>
          {" "}
          <Trans>and all names below</Trans>
        </>
      )}
    </>
  );
}

/** What the clock does next. */
function Next({ domain }: { domain: DomainRow }) {
  const { state, stateUntil, checkAt, contestedUntil } = domain;
  if (contestedUntil) {
    return (
      <Trans>
        Somebody else has proven it: answer by <Deadline at={contestedUntil} />
      </Trans>
    );
  }
  if (stateUntil) return <Ends state={state} until={stateUntil} />;
  if (checkAt && !OVER.has(state)) {
    return (
      <Trans>
        The record is looked for <Moment at={checkAt} />
      </Trans>
    );
  }
  return null;
}

function Ends({ state, until }: { state: DomainRow["state"]; until: string }) {
  if (state === "PENDING") {
    return (
      <Trans>
        Place the record by <Deadline at={until} />
      </Trans>
    );
  }
  if (state === "GRACE" || state === "SUSPENDED") {
    return (
      <Trans>
        Place a new record by <Deadline at={until} />
      </Trans>
    );
  }
  if (state === "CONTESTED") {
    return (
      <Trans>
        It is yours unless its holder answers by <Deadline at={until} />
      </Trans>
    );
  }
  return (
    <Trans>
      Ends on <Deadline at={until} />
    </Trans>
  );
}
