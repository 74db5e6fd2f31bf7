import { Trans, useLingui } from "@lingui/react/macro";
import { useNavigate } from "@tanstack/react-router";
import { usePage } from "../../api/use_page";
import { CopyAsGraphQL } from "../../components/copy_as_graphql";
import { Filter, FilterBar } from "../../components/filter_bar";
import { PageFrame } from "../../components/page_frame";
import { PAGE_SIZE, Paging } from "../../components/paging";
import { Empty, Part } from "../../components/states";
import { RecoveriesQuery } from "./documents";
import css from "../../components/decisions.module.css";
import { RecoveryCard } from "./recovery_card";
import { recoveriesRoute } from "./route";
import { UNDER_WAY } from "./words";

export default function RecoveriesPage() {
  const { t } = useLingui();
  const { all, after } = recoveriesRoute.useSearch();
  const navigate = useNavigate({ from: recoveriesRoute.fullPath });
  const asked = usePage(RecoveriesQuery, { first: PAGE_SIZE, after: after ?? null, states: all ? null : UNDER_WAY });
  const list = asked.data?.accountRecoveries;
  const rows = list?.edges.map(({ node }) => node) ?? [];
  return (
    <PageFrame
      title={t`Account recoveries`}
      about={
        <Trans>
          Who has lost the second factor gets a new one if two people approve. Then 48 hours pass, in which the owner can call it off, and a link is mailed. You see no
          secret.
        </Trans>
      }
      actions={<CopyAsGraphQL asked={asked} />}
    >
      <FilterBar isFiltered={all === true} onClear={() => void navigate({ search: {} })}>
        <Filter
          label={t`Shown`}
          isSingle
          options={[{ id: "all" as const, name: t`Ended ones too` }]}
          selected={all ? ["all"] : []}
          onChange={([chosen]) => void navigate({ search: { all: chosen ? true : undefined } })}
        />
      </FilterBar>
      <Part asked={asked} lines={4}>
        {rows.length === 0 ? (
          <Empty>
            <Trans>Nobody waits. Who has lost the second factor asks at the sign-in page, or you ask on the page of the member.</Trans>
          </Empty>
        ) : (
          <ul className={css.list}>
            {rows.map((recovery) => (
              <RecoveryCard key={recovery.id} recovery={recovery} refresh={asked.refresh} />
            ))}
          </ul>
        )}
        {list && <Paging page={list.pageInfo} after={after} onGo={(next) => void navigate({ search: (now) => ({ ...now, after: next }) })} />}
      </Part>
    </PageFrame>
  );
}
