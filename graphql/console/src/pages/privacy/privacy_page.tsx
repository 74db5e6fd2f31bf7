import { Trans, useLingui } from "@lingui/react/macro";
import { Link, useNavigate } from "@tanstack/react-router";
import { useSession } from "../../api/session_store";
import { usePage } from "../../api/use_page";
import { CopyAsGraphQL } from "../../components/copy_as_graphql";
import { DataTable } from "../../components/data_table";
import { PageFrame } from "../../components/page_frame";
import { PAGE_SIZE, Paging } from "../../components/paging";
import { Empty, Part } from "../../components/states";
import { useColumns, type Waiting } from "./columns";
import { QueueQuery } from "./documents";
import { HeldDeletions } from "./held_deletions";
import { LeftToEnd } from "./left_to_end";
import css from "./privacy.module.css";
import { privacyRoute } from "./route";

export default function PrivacyPage() {
  const { t } = useLingui();
  const { after } = privacyRoute.useSearch();
  const { session } = useSession();
  const navigate = useNavigate({ from: privacyRoute.fullPath });
  const columns = useColumns();
  const asked = usePage(QueueQuery, { first: PAGE_SIZE, after: after ?? null });
  const list = asked.data?.escalatedRequests;
  const all = list?.edges.map(({ node }) => ({ ...node, id: node.requestId })) ?? [];
  const rows = all.filter(({ rights }) => rights.length > 0);
  const left = all.filter(({ remainders, restrictions }) => remainders.length + restrictions.length > 0);
  const held = asked.data?.heldDeletions.edges.map(({ node }) => node) ?? [];
  return (
    <PageFrame
      title={t`Privacy team`}
      about={<Trans>What is yours to decide in every organisation, the soonest due first. Names stand on the page of the request, while it is with you.</Trans>}
      actions={<CopyAsGraphQL asked={asked} />}
    >
      <Part asked={asked} lines={8}>
        <section aria-label={t`Requests`}>
          {rows.length === 0 ? (
            <Empty>
              <Trans>Nothing is with you. What an organisation refuses, hands over or leaves lying stands here, with the date by which it has to be answered.</Trans>
            </Empty>
          ) : (
            <DataTable
              label={t`Requests with the privacy team`}
              columns={columns}
              rows={rows}
              nameOf={({ organisationName }) => organisationName}
              addressOf={addressOf}
            />
          )}
          {list && <Paging page={list.pageInfo} after={after} onGo={(next) => void navigate({ search: { after: next } })} />}
        </section>
        {held.length > 0 && <HeldDeletions held={held} refresh={asked.refresh} />}
        {left.length > 0 && <LeftToEnd left={left} refresh={asked.refresh} />}
        {session.provider && (
          <p className={css.more}>
            <Link to={`/o/${encodeURIComponent(session.provider)}/recoveries` as string}>
              <Trans>Account recoveries that you decide</Trans>
            </Link>
          </p>
        )}
      </Part>
    </PageFrame>
  );
}

/** The request in its own organisation. */
function addressOf({ organisation, requestId }: Waiting): string {
  return `/o/${encodeURIComponent(organisation)}/requests/${encodeURIComponent(requestId)}`;
}
