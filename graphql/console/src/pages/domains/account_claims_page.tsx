import { Trans, useLingui } from "@lingui/react/macro";
import { Link, useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { usePage } from "../../api/use_page";
import { CopyAsGraphQL } from "../../components/copy_as_graphql";
import { DataTable } from "../../components/data_table";
import { Filter, FilterBar } from "../../components/filter_bar";
import { opened } from "../../components/opened";
import { PageFrame } from "../../components/page_frame";
import { PAGE_SIZE, Paging } from "../../components/paging";
import { Empty, Part } from "../../components/states";
import { useClaimColumns } from "./claim_columns";
import { CLAIM_STATES } from "./constants";
import { ControllersPart } from "./controllers_part";
import { AccountClaimsQuery } from "./documents";
import { accountClaimsRoute, domainsRoute } from "./route";
import { CLAIM_STATE_NAMES } from "./words";

const ExemptDialog = opened(() => import("./exempt_dialog"), "ExemptDialog");

export default function AccountClaimsPage() {
  const { t, i18n } = useLingui();
  const { state, after } = accountClaimsRoute.useSearch();
  const { organisation } = accountClaimsRoute.useParams();
  const navigate = useNavigate({ from: accountClaimsRoute.fullPath });
  const [exempting, setExempting] = useState<{ id: string; address: string }>();
  const asked = usePage(AccountClaimsQuery, { states: state?.length ? state : null, first: PAGE_SIZE, after: after ?? null });
  const columns = useClaimColumns((id, address) => setExempting({ id, address }));
  const list = asked.data?.accountClaims;
  const rows = list?.edges.map(({ node }) => node) ?? [];
  return (
    <PageFrame
      title={t`Accounts at your domains`}
      about={
        <Trans>
          Whom your organisation has asked to belong to it, from <Link to={domainsRoute.to} params={{ organisation }}>its domains</Link>. Until
          somebody joins, address and state are all that you see.
        </Trans>
      }
      actions={<CopyAsGraphQL asked={asked} />}
    >
      <FilterBar isFiltered={Boolean(state?.length)} onClear={() => void navigate({ search: {} })}>
        <Filter
          label={t`State`}
          options={CLAIM_STATES.map((id) => ({ id, name: i18n._(CLAIM_STATE_NAMES[id]) }))}
          selected={state ?? []}
          onChange={(chosen) => void navigate({ search: { state: chosen.length ? chosen : undefined } })}
        />
      </FilterBar>
      <Part asked={asked} lines={6}>
        {rows.length === 0 ? (
          <Empty>
            {state?.length ? (
              <Trans>No account is in such a state.</Trans>
            ) : (
              <Trans>Accounts that were asked stand here, with what their owners chose. Prove a domain, say that existing accounts are asked, and count them there.</Trans>
            )}
          </Empty>
        ) : (
          <DataTable label={t`Accounts at your domains`} columns={columns} rows={rows} nameOf={({ address }) => address ?? t`No address there any more`} />
        )}
        {list && <Paging page={list.pageInfo} after={after} onGo={(next) => void navigate({ search: (now) => ({ ...now, after: next }) })} />}
      </Part>
      <ControllersPart />
      {exempting && <ExemptDialog {...exempting} onClose={() => setExempting(undefined)} onDone={asked.refresh} />}
    </PageFrame>
  );
}
