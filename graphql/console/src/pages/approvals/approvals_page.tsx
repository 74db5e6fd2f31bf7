import { Trans, useLingui } from "@lingui/react/macro";
import { useNavigate } from "@tanstack/react-router";
import { usePage } from "../../api/use_page";
import { CopyAsGraphQL } from "../../components/copy_as_graphql";
import { Filter, FilterBar } from "../../components/filter_bar";
import { PageFrame } from "../../components/page_frame";
import { PAGE_SIZE, Paging } from "../../components/paging";
import { Empty, Part } from "../../components/states";
import { ApprovalCard } from "./approval_card";
import css from "../../components/decisions.module.css";
import { ApprovalsQuery } from "./documents";
import { approvalsRoute } from "./route";

export default function ApprovalsPage() {
  const { t } = useLingui();
  const { all, after } = approvalsRoute.useSearch();
  const navigate = useNavigate({ from: approvalsRoute.fullPath });
  const asked = usePage(ApprovalsQuery, { first: PAGE_SIZE, after: after ?? null, open: !all });
  const list = asked.data?.approvals;
  const rows = list?.edges.map(({ node }) => node) ?? [];
  return (
    <PageFrame
      title={t`Approvals`}
      about={
        <Trans>One person may delete five members in a day, or a twentieth of them where that is more. Every further deletion waits here for a second person, for a week.</Trans>
      }
      actions={<CopyAsGraphQL asked={asked} />}
    >
      <FilterBar isFiltered={all === true} onClear={() => void navigate({ search: {} })}>
        <Filter
          label={t`Shown`}
          isSingle
          options={[{ id: "all" as const, name: t`Decided ones too` }]}
          selected={all ? ["all"] : []}
          onChange={([chosen]) => void navigate({ search: { all: chosen ? true : undefined } })}
        />
      </FilterBar>
      <Part asked={asked} lines={4}>
        {rows.length === 0 ? (
          <Empty>
            <Trans>No deletion waits. When somebody deletes many members in a day, what goes beyond the limit stands here until another administrator approves it.</Trans>
          </Empty>
        ) : (
          <ul className={css.list}>
            {rows.map((approval) => (
              <ApprovalCard key={approval.id} approval={approval} refresh={asked.refresh} />
            ))}
          </ul>
        )}
        {list && <Paging page={list.pageInfo} after={after} onGo={(next) => void navigate({ search: (now) => ({ ...now, after: next }) })} />}
      </Part>
    </PageFrame>
  );
}
