import { Trans, useLingui } from "@lingui/react/macro";
import { useState } from "react";
import type { ResultOf } from "../../api/graphql";
import { Badge } from "../../components/badge";
import { Button } from "../../components/button";
import { CopyText } from "../../components/copy_text";
import { type Column, DataTable } from "../../components/data_table";
import { Day, Deadline, Moment } from "../../components/moment";
import { opened } from "../../components/opened";
import { Paging } from "../../components/paging";
import { Person } from "../../components/person";
import { Empty } from "../../components/states";
import type { ProvisioningQuery } from "./documents";

const RevokeDialog = opened(() => import("./revoke_dialog"), "RevokeDialog");

type List = NonNullable<ResultOf<typeof ProvisioningQuery>["provisioningTokens"]>;
export type Token = List["edges"][number]["node"];

interface Properties {
  list: List;
  mayManage: boolean;
  refresh: () => void;
  after: string | undefined;
  onGo: (after: string | undefined) => void;
}

const isEnded = ({ revokedAt, expiresAt }: Token) => revokedAt !== null || new Date(expiresAt) < new Date();

export function TokensPart({ list, mayManage, refresh, after, onGo }: Properties) {
  const { t } = useLingui();
  const [ending, setEnding] = useState<Token>();
  const columns = useColumns(mayManage, setEnding);
  const rows = list.edges.map(({ node }) => node);
  return (
    <>
      <CopyText label={t`Base address for your directory (SCIM, tenant URL)`} text={`${location.origin}/scim/v2`} />
      {rows.length === 0 ? (
        <Empty>
          <Trans>The tokens by which your directory is known stand here. Make one, and give it with the base address to the directory.</Trans>
        </Empty>
      ) : (
        <DataTable label={t`Tokens of the directory`} columns={columns} rows={rows} nameOf={({ name }) => name} />
      )}
      <Paging page={list.pageInfo} after={after} onGo={onGo} />
      {ending && <RevokeDialog token={ending} onClose={() => setEnding(undefined)} onDone={refresh} />}
    </>
  );
}

function useColumns(mayManage: boolean, onEnd: (token: Token) => void): Column<Token>[] {
  const { t } = useLingui();
  const columns: Column<Token>[] = [
    { id: "name", title: t`Name`, isRowHeader: true, cell: ({ name }) => <bdi>{name}</bdi> },
    {
      id: "state",
      title: t`State`,
      cell: (token) => (isEnded(token) ? <Badge><Trans>Ended</Trans></Badge> : <Badge tone="good"><Trans>In use</Trans></Badge>),
    },
    {
      id: "used",
      title: t`Used last`,
      cell: ({ lastUsedAt }) => (lastUsedAt ? <Moment at={lastUsedAt} /> : <Trans>Never</Trans>),
    },
    {
      id: "ends",
      title: t`Ends`,
      cell: (token) => (isEnded(token) ? <Day at={token.revokedAt ?? token.expiresAt} /> : <Deadline at={token.expiresAt} />),
    },
    { id: "maker", title: t`Made by`, cell: ({ createdBy }) => <Person person={createdBy} /> },
  ];
  if (mayManage) {
    columns.push({
      id: "acts",
      title: t`Act`,
      cell: (token) =>
        !isEnded(token) && (
          <Button kind="quiet" onPress={() => onEnd(token)} aria-label={t`End ${token.name}`}>
            <Trans>End</Trans>
          </Button>
        ),
    });
  }
  return columns;
}
