import { Trans, useLingui } from "@lingui/react/macro";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { usePage, usePart } from "../../../api/use_page";
import { CopyAsGraphQL } from "../../../components/copy_as_graphql";
import { DataTable } from "../../../components/data_table";
import { ExportTable } from "../../../components/export_table";
import { Filter, FilterBar } from "../../../components/filter_bar";
import { opened } from "../../../components/opened";
import { PageFrame } from "../../../components/page_frame";
import { PAGE_SIZE, Paging } from "../../../components/paging";
import { Empty, Part } from "../../../components/states";
import { OBLIGATION_STATE_NAMES, OBLIGATION_STATES } from "../../../words/obligations";
import { InstallationChoicesQuery } from "../ledger/documents";
import { obligationsRoute } from "../route";
import { useObligationColumns } from "./columns";
import { useObligationAddress } from "./address";
import { ObligationsQuery } from "./documents";
import { Health } from "./health";

const ProofDialog = opened(() => import("./proof_dialog"), "ProofDialog");

/** What third parties owe your people, and how good the proof is that they did it. */
export default function ObligationsPage() {
  const { t, i18n } = useLingui();
  const search = obligationsRoute.useSearch();
  const { installation, state, row, after } = search;
  const navigate = useNavigate({ from: obligationsRoute.fullPath });
  const [isOpen, setIsOpen] = useState(false);
  const asked = usePage(ObligationsQuery, {
    first: PAGE_SIZE,
    after: after ?? null,
    installation: installation ?? null,
    states: state?.length ? state : null,
    ofInstallation: installation !== undefined,
    installationKey: installation ?? "",
  });
  const choices = usePart(InstallationChoicesQuery, {}, isOpen);
  const narrow = (change: Partial<typeof search>) => void navigate({ search: (now) => ({ ...now, ...change, after: undefined, row: undefined }) });
  const addressOf = useObligationAddress();
  const columns = useObligationColumns({ withRecipient: true });
  const list = asked.data?.obligations;
  const rows = list?.edges.map(({ node }) => node) ?? [];
  const named = asked.data?.installation && "name" in asked.data.installation ? [asked.data.installation] : [];
  const isFiltered = Boolean(installation || state?.length);
  return (
    <PageFrame
      title={t`Obligations`}
      about={<Trans>What third parties have to do for your people, by when, and how good the proof is that they did it.</Trans>}
      actions={
        <>
          <CopyAsGraphQL asked={asked} />
          <ExportTable
            table="obligations"
            variables={{ ...(installation ? { installationId: installation } : {}), ...(state?.length ? { states: state } : {}) }}
          />
        </>
      }
    >
      <FilterBar isFiltered={isFiltered} onClear={() => void navigate({ search: {} })}>
        <Filter
          label={t`State`}
          options={OBLIGATION_STATES.map((id) => ({ id, name: i18n._(OBLIGATION_STATE_NAMES[id]) }))}
          selected={state ?? []}
          onChange={(chosen) => narrow({ state: chosen.length ? chosen : undefined })}
        />
        <Filter
          label={t`Third party`}
          isSingle
          options={choices.data?.installations.edges.map(({ node }) => node) ?? named}
          selected={installation ? [installation] : []}
          onChange={([chosen]) => narrow({ installation: chosen })}
          onOpen={() => setIsOpen(true)}
        />
      </FilterBar>
      <Part asked={asked} lines={12}>
        <Health figures={asked.data?.overview.obligations ?? []} />
        {rows.length === 0 ? (
          <Empty>
            {isFiltered ? (
              <Trans>Nothing owed fits these filters.</Trans>
            ) : (
              <Trans>Nobody owes anything. When data of your people is corrected or erased, what third parties have to do stands here.</Trans>
            )}
          </Empty>
        ) : (
          <DataTable
            label={t`Obligations`}
            columns={columns}
            rows={rows}
            nameOf={({ verb, recipient }) => `${verb} ${recipient}`}
            addressOf={({ id }) => addressOf({ ...search, row: id })}
          />
        )}
        {list && <Paging page={list.pageInfo} after={after} onGo={(next) => void navigate({ search: (now) => ({ ...now, after: next }) })} />}
      </Part>
      {row && <ProofDialog id={row} onClose={() => void navigate({ search: (now) => ({ ...now, row: undefined }) })} />}
    </PageFrame>
  );
}
