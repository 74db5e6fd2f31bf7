import { Trans, useLingui } from "@lingui/react/macro";
import { useNavigate } from "@tanstack/react-router";
import { DataTable } from "../../../components/data_table";
import { Filter, FilterBar } from "../../../components/filter_bar";
import { Paging } from "../../../components/paging";
import { Empty } from "../../../components/states";
import { categoryName } from "../../../words/taxonomy";
import { useLedgerColumns } from "../ledger/columns";
import { installationRoute } from "../route";
import type { Installation } from "./installation_page";

/** What it got, of whom, and whether that arrived. */
export function LedgerTab({ installation }: { installation: Installation }) {
  const { t, i18n } = useLingui();
  const { category, after } = installationRoute.useSearch();
  const navigate = useNavigate({ from: installationRoute.fullPath });
  const columns = useLedgerColumns({ withRecipient: false });
  const list = installation.disclosures;
  if (!list) return null;
  const rows = list.edges.map(({ node }) => node);
  const categories = [...new Set([...installation.declaration.receives.map((one) => one.category), ...(category ? [category] : [])])];
  return (
    <>
      <FilterBar isFiltered={category !== undefined} onClear={() => void navigate({ search: ({ tab }) => ({ tab }) })}>
        <Filter
          label={t`Data`}
          isSingle
          options={categories.map((id) => ({ id, name: categoryName(i18n, id) }))}
          selected={category ? [category] : []}
          onChange={([chosen]) => void navigate({ search: ({ tab }) => ({ tab, category: chosen }) })}
        />
      </FilterBar>
      {rows.length === 0 ? (
        <Empty>
          {category ? <Trans>Nothing of this kind was sent to it.</Trans> : <Trans>Nothing was sent to it yet. Each delivery will stand here, and stays.</Trans>}
        </Empty>
      ) : (
        <DataTable label={t`What ${installation.name} got`} columns={columns} rows={rows} nameOf={({ member, recipient }) => member?.displayName ?? recipient} />
      )}
      <Paging page={list.pageInfo} after={after} onGo={(next) => void navigate({ search: (now) => ({ ...now, after: next }) })} />
    </>
  );
}
