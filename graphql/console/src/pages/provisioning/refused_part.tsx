import { Trans, useLingui } from "@lingui/react/macro";
import type { MessageDescriptor } from "@lingui/core";
import { msg } from "@lingui/core/macro";
import type { ResultOf } from "../../api/graphql";
import { type Column, DataTable } from "../../components/data_table";
import { Moment } from "../../components/moment";
import { Paging } from "../../components/paging";
import { Empty } from "../../components/states";
import { useFormats } from "../../language/formats";
import type { ProvisioningQuery } from "./documents";

type List = NonNullable<ResultOf<typeof ProvisioningQuery>["provisioningFailures"]>;
type Row = List["edges"][number]["node"] & { id: string };

const OPERATIONS: Record<string, MessageDescriptor> = {
  create: msg`Add`,
  replace: msg`Replace`,
  patch: msg`Change`,
  delete: msg`Delete`,
  search: msg`Look up`,
  bulk: msg`Several at once`,
};

interface Properties {
  list: List;
  after: string | undefined;
  onGo: (after: string | undefined) => void;
}

/** Why somebody is not there: what the directory was refused within thirty days. */
export function RefusedPart({ list, after, onGo }: Properties) {
  const { t } = useLingui();
  const columns = useColumns();
  const rows = list.edges.map(({ cursor, node }) => ({ id: cursor, ...node }));
  return (
    <>
      {rows.length === 0 ? (
        <Empty>
          <Trans>Your directory was refused nothing within the last 30 days. If somebody is missing all the same, look there whether the person is assigned.</Trans>
        </Empty>
      ) : (
        <DataTable label={t`What was refused`} columns={columns} rows={rows} nameOf={({ subject }) => subject} />
      )}
      <Paging page={list.pageInfo} after={after} onGo={onGo} />
    </>
  );
}

function useColumns(): Column<Row>[] {
  const { t, i18n } = useLingui();
  const { number } = useFormats();
  return [
    { id: "subject", title: t`About`, isRowHeader: true, cell: ({ subject }) => <bdi>{subject || "–"}</bdi> },
    {
      id: "operation",
      title: t`Asked for`,
      cell: ({ operation }) => {
        const name = OPERATIONS[operation];
        return name ? i18n._(name) : <code>{operation}</code>;
      },
    },
    { id: "message", title: t`Why not, and what to do`, cell: ({ message }) => <span data-of-server>{message}</span> },
    { id: "times", title: t`Times`, cell: ({ times }) => number(times) },
    { id: "last", title: t`Last`, cell: ({ lastAt }) => <Moment at={lastAt} /> },
  ];
}
