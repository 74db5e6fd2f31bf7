import { Trans, useLingui } from "@lingui/react/macro";
import type { ResultOf } from "../../api/graphql";
import { Badge } from "../../components/badge";
import { Button } from "../../components/button";
import type { Column } from "../../components/data_table";
import { Day, Deadline } from "../../components/moment";
import { Person } from "../../components/person";
import { ObjectLink } from "../../components/text_link";
import { useMay } from "../../shell/viewer";
import type { AccountClaimsQuery } from "./documents";
import { CLAIM_STATE_NAMES, CLAIM_TONES } from "./words";

type Row = ResultOf<typeof AccountClaimsQuery>["accountClaims"]["edges"][number]["node"];

const WAITING = new Set<Row["state"]>(["NOTIFIED", "UNDECIDED"]);

export function useClaimColumns(onExempt: (id: string, address: string) => void): Column<Row>[] {
  const { t, i18n } = useLingui();
  const mayManage = useMay("DOMAINS_MANAGE");
  const columns: Column<Row>[] = [
    {
      id: "address",
      title: t`Address`,
      isRowHeader: true,
      cell: ({ address }) => (address ? <bdi>{address}</bdi> : <Trans>No address there any more</Trans>),
    },
    { id: "state", title: t`State`, cell: ({ state }) => <Badge tone={CLAIM_TONES[state]}>{i18n._(CLAIM_STATE_NAMES[state])}</Badge> },
    { id: "until", title: t`Chooses by`, cell: ({ decideUntil }) => decideUntil && <Deadline at={decideUntil} /> },
    { id: "since", title: t`Since`, isSecondary: true, cell: ({ stateSince }) => <Day at={stateSince} /> },
    {
      id: "domain",
      title: t`Domain`,
      cell: ({ domain }) =>
        domain && (
          <ObjectLink page="domains" id={domain.id}>
            <bdi>{domain.displayName}</bdi>
          </ObjectLink>
        ),
    },
    { id: "member", title: t`Member`, cell: ({ member }) => member && <Person person={member} /> },
  ];
  if (mayManage) {
    columns.push({
      id: "acts",
      title: t`Act`,
      cell: ({ id, state, address }) =>
        WAITING.has(state) && (
          <Button kind="quiet" onPress={() => onExempt(id, address ?? "")} aria-label={t`Leave alone: ${address}`}>
            <Trans>Leave alone</Trans>
          </Button>
        ),
    });
  }
  return columns;
}
