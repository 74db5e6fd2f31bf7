import { Trans, useLingui } from "@lingui/react/macro";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import type { ResultOf } from "../../../api/graphql";
import { DataTable } from "../../../components/data_table";
import { Filter, FilterBar } from "../../../components/filter_bar";
import { opened } from "../../../components/opened";
import { Paging } from "../../../components/paging";
import { Empty } from "../../../components/states";
import { OBLIGATION_STATE_NAMES, OBLIGATION_STATES, VERB_NAMES } from "../../../words/obligations";
import { type Delivery, useDeliveryColumns } from "../deliveries/columns";
import { developersRoute } from "../route";
import type { DevelopersQuery } from "./documents";

const AttemptsDialog = opened(() => import("../deliveries/attempts_dialog"), "AttemptsDialog");

interface Properties {
  list: NonNullable<ResultOf<typeof DevelopersQuery>["vendorDeliveries"]>;
  refresh: () => void;
  after: string | undefined;
  onGo: (after: string | undefined) => void;
}

/** What was tried at the vendor's own integrations, wherever they are installed. */
export function VendorDeliveriesPart({ list, refresh, after, onGo }: Properties) {
  const { t, i18n } = useLingui();
  const { state } = developersRoute.useSearch();
  const navigate = useNavigate({ from: developersRoute.fullPath });
  const [open, setOpen] = useState<Delivery>();
  const columns = useDeliveryColumns({ ofVendor: true, onOpen: setOpen });
  const rows = list.edges.map(({ node }) => node);
  return (
    <>
      <FilterBar isFiltered={state !== undefined} onClear={() => void navigate({ search: ({ tab }) => ({ tab }) })}>
        <Filter
          label={t`State`}
          options={OBLIGATION_STATES.map((id) => ({ id, name: i18n._(OBLIGATION_STATE_NAMES[id]) }))}
          selected={state ?? []}
          onChange={(chosen) => void navigate({ search: ({ tab }) => ({ tab, state: chosen.length ? chosen : undefined }) })}
        />
      </FilterBar>
      {rows.length === 0 ? (
        <Empty>
          {state ? (
            <Trans>Nothing that was tried stands there now.</Trans>
          ) : (
            <Trans>Each call of your integrations stands here, with how it ended. They are yours once the provider has let a program of yours in for them.</Trans>
          )}
        </Empty>
      ) : (
        <DataTable label={t`Deliveries to your integrations`} columns={columns} rows={rows} nameOf={({ verb }) => i18n._(VERB_NAMES[verb])} />
      )}
      <Paging page={list.pageInfo} after={after} onGo={onGo} />
      {open && <AttemptsDialog delivery={open} mayRetry={false} onDone={refresh} onClose={() => setOpen(undefined)} />}
    </>
  );
}
