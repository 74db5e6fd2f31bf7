import { Trans, useLingui } from "@lingui/react/macro";
import { useNavigate, useParams } from "@tanstack/react-router";
import type { ResultOf } from "../../api/graphql";
import { usePage } from "../../api/use_page";
import { Badge } from "../../components/badge";
import { type Column, DataTable } from "../../components/data_table";
import { LinkButton } from "../../components/link_button";
import { Day, Deadline } from "../../components/moment";
import { PageFrame } from "../../components/page_frame";
import { PAGE_SIZE, Paging } from "../../components/paging";
import { Empty, Part } from "../../components/states";
import { useObjectAddress } from "../../components/text_link";
import { useFormats } from "../../language/formats";
import { MyRequestsQuery } from "./documents";
import { Grace } from "./grace";
import { Restrictions } from "./restrictions";
import { myRequestsRoute } from "./route";
import { MY_KINDS, MY_STATES } from "./words";

type Row = ResultOf<typeof MyRequestsQuery>["myRequests"]["edges"][number]["node"];

export default function MyRequestsPage() {
  const { t } = useLingui();
  const { after } = myRequestsRoute.useSearch();
  const { organisation = "" } = useParams({ strict: false });
  const navigate = useNavigate({ from: myRequestsRoute.fullPath });
  const asked = usePage(MyRequestsQuery, { first: PAGE_SIZE, after: after ?? null });
  const toAsking = (
    <LinkButton kind="main" to={`/o/${encodeURIComponent(organisation)}/me/ask`}>
      <Trans>Ask for a copy or more</Trans>
    </LinkButton>
  );
  const list = asked.data?.myRequests;
  return (
    <PageFrame title={t`My requests`} about={<Trans>What you asked about your data, where it stands, and by when you get an answer.</Trans>} actions={toAsking}>
      <Part asked={asked} lines={6}>
        {asked.data && (
          <>
            {asked.data.myGracePeriod && <Grace grace={asked.data.myGracePeriod} refresh={asked.refresh} />}
            <Restrictions restrictions={asked.data.myRestrictions} refresh={asked.refresh} />
            <Requests rows={asked.data.myRequests.edges.map(({ node }) => node)} />
          </>
        )}
        {list && <Paging page={list.pageInfo} after={after} onGo={(next) => void navigate({ search: { after: next } })} />}
      </Part>
    </PageFrame>
  );
}

function Requests({ rows }: { rows: Row[] }) {
  const { t, i18n } = useLingui();
  const formats = useFormats();
  const addressOf = useObjectAddress();
  const kinds = ({ rights }: Row) => formats.list(rights.map(({ kind }) => i18n._(MY_KINDS[kind])));
  if (rows.length === 0) {
    return (
      <Empty>
        <Trans>You have not asked anything yet. You can ask for a copy, a correction, a deletion and more; what becomes of it stands here.</Trans>
      </Empty>
    );
  }
  const columns: Column<Row>[] = [
    { id: "what", title: t`What`, isRowHeader: true, cell: kinds },
    {
      id: "state",
      title: t`State`,
      cell: ({ rights }) => rights.map(({ id, state }) => (
        <Badge key={id} tone={MY_STATES[state].tone}>
          {i18n._(MY_STATES[state].name)}
        </Badge>
      )),
    },
    {
      id: "due",
      title: t`Answer by`,
      cell: ({ dueAt, endedAt }) => (endedAt ? t`ended` : <Deadline at={dueAt} />),
    },
    { id: "asked", title: t`Asked`, isSecondary: true, cell: ({ submittedAt }) => <Day at={submittedAt} /> },
  ];
  return <DataTable label={t`My requests`} columns={columns} rows={rows} nameOf={kinds} addressOf={({ id }) => addressOf("me/requests", id)} />;
}
