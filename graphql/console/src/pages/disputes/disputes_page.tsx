import { Trans, useLingui } from "@lingui/react/macro";
import { useNavigate } from "@tanstack/react-router";
import { usePage } from "../../api/use_page";
import { CopyAsGraphQL } from "../../components/copy_as_graphql";
import css from "../../components/decisions.module.css";
import { PageFrame } from "../../components/page_frame";
import { PAGE_SIZE, Paging } from "../../components/paging";
import { Empty, Part } from "../../components/states";
import { DisputeCard } from "./dispute_card";
import { DisputesQuery } from "./documents";
import { disputesRoute } from "./route";

export default function DisputesPage() {
  const { t } = useLingui();
  const { after } = disputesRoute.useSearch();
  const navigate = useNavigate({ from: disputesRoute.fullPath });
  const asked = usePage(DisputesQuery, { first: PAGE_SIZE, after: after ?? null });
  const list = asked.data?.domainDisputes;
  const rows = list?.edges.map(({ node }) => node) ?? [];
  return (
    <PageFrame
      title={t`Disputes of domains`}
      about={<Trans>Domains that two organisations have proven. Look at both sides first: both are told so. Then decide within 72 hours, once both have proven it again.</Trans>}
      actions={<CopyAsGraphQL asked={asked} />}
    >
      <Part asked={asked} lines={4}>
        {rows.length === 0 ? (
          <Empty>
            <Trans>No domain is in dispute. One that two organisations have proven stands here until it is decided, or its time is over.</Trans>
          </Empty>
        ) : (
          <ul className={css.list}>
            {rows.map((dispute) => (
              <DisputeCard key={dispute.id} dispute={dispute} refresh={asked.refresh} />
            ))}
          </ul>
        )}
        {list && <Paging page={list.pageInfo} after={after} onGo={(next) => void navigate({ search: { after: next } })} />}
      </Part>
    </PageFrame>
  );
}
