import { Trans, useLingui } from "@lingui/react/macro";
import { useNavigate } from "@tanstack/react-router";
import { type Asked, usePage } from "../../api/use_page";
import type { ResultOf } from "../../api/graphql";
import { CopyAsGraphQL } from "../../components/copy_as_graphql";
import { ExportTable } from "../../components/export_table";
import { PageFrame } from "../../components/page_frame";
import { Paging } from "../../components/paging";
import { Empty, Part } from "../../components/states";
import { Tabs } from "../../components/tabs";
import { variablesOf } from "./asking";
import { Calendar } from "./calendar";
import { RequestsQuery } from "./documents";
import { ByState } from "./by_state";
import { RequestFilters } from "./request_filters";
import { RequestList } from "./request_list";
import { requestsRoute } from "./route";

export default function RequestsPage() {
  const { t, i18n } = useLingui();
  const search = requestsRoute.useSearch();
  const variables = variablesOf(search, i18n.locale);
  const asked = usePage(RequestsQuery, variables);
  const table = { isOpen: variables.isOpen, memberId: variables.member, where: variables.where, orderBy: "DUE" };
  const { state, kind, handler, due, late, ended, member } = search;
  const isFiltered = Boolean(state?.length || kind?.length || handler || due || late || ended || member);
  const shown = { asked, isFiltered };
  return (
    <PageFrame
      title={t`Requests`}
      about={<Trans>What people ask about their own data. Each right is decided on its own; the soonest due stands first.</Trans>}
      actions={
        <>
          <CopyAsGraphQL asked={asked} />
          <ExportTable table="requests" variables={table} />
        </>
      }
    >
      <RequestFilters member={asked.data?.member} isFiltered={isFiltered} />
      <Tabs
        label={t`Ways to look`}
        tabs={[
          { id: "list", title: t`List`, content: () => <List {...shown} /> },
          { id: "calendar", title: t`Calendar of deadlines`, content: () => <Whole {...shown} view="calendar" /> },
          { id: "states", title: t`By state`, content: () => <Whole {...shown} view="states" /> },
        ]}
      />
    </PageFrame>
  );
}

interface Shown {
  asked: Asked<ResultOf<typeof RequestsQuery>>;
  isFiltered: boolean;
}

function List({ asked, isFiltered }: Shown) {
  const { after } = requestsRoute.useSearch();
  const navigate = useNavigate({ from: requestsRoute.fullPath });
  const list = asked.data?.requests;
  const rows = list?.edges.map(({ node }) => node) ?? [];
  return (
    <Part asked={asked} lines={8}>
      {rows.length === 0 ? <NoRequests isFiltered={isFiltered} /> : <RequestList rows={rows} refresh={asked.refresh} />}
      {list && <Paging page={list.pageInfo} after={after} onGo={(next) => void navigate({ search: (now) => ({ ...now, after: next }) })} />}
    </Part>
  );
}

/** All that is open at once: as a calendar, or by state. */
function Whole({ asked, isFiltered, view }: Shown & { view: "calendar" | "states" }) {
  const rows = asked.data?.requests.edges.map(({ node }) => node) ?? [];
  const count = rows.length;
  return (
    <Part asked={asked} lines={8}>
      {asked.data?.requests.pageInfo.hasNextPage && (
        <p>
          <Trans>Shown are the {count} open requests that are due first. Narrow them by filters to see others.</Trans>
        </p>
      )}
      {rows.length === 0 ? <NoRequests isFiltered={isFiltered} /> : view === "calendar" ? <Calendar rows={rows} /> : <ByState rows={rows} />}
    </Part>
  );
}

function NoRequests({ isFiltered }: { isFiltered: boolean }) {
  return (
    <Empty>
      {isFiltered ? (
        <Trans>No request fits these filters.</Trans>
      ) : (
        <Trans>
          Nothing is open. When somebody asks for a copy, a correction or the erasure of the own data, under “My data”, the request stands here with
          its deadline, and you are told by mail.
        </Trans>
      )}
    </Empty>
  );
}
