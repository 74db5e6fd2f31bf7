import { Trans, useLingui } from "@lingui/react/macro";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { DataTable } from "../../../components/data_table";
import { Filter, FilterBar } from "../../../components/filter_bar";
import { opened } from "../../../components/opened";
import { Paging } from "../../../components/paging";
import { Empty } from "../../../components/states";
import { OBLIGATION_STATE_NAMES, OBLIGATION_STATES, VERB_NAMES } from "../../../words/obligations";
import { useManages } from "../authority";
import { type Delivery, useDeliveryColumns } from "../deliveries/columns";
import { installationRoute } from "../route";
import type { Installation } from "./installation_page";

const AttemptsDialog = opened(() => import("../deliveries/attempts_dialog"), "AttemptsDialog");

/** What was tried there, how it ended, and when it is tried next. */
export function DeliveriesTab({ installation, onDone }: { installation: Installation; onDone: () => void }) {
  const { t, i18n } = useLingui();
  const { state, after } = installationRoute.useSearch();
  const navigate = useNavigate({ from: installationRoute.fullPath });
  const mayManage = useManages()(installation);
  const [open, setOpen] = useState<Delivery>();
  const columns = useDeliveryColumns({ ofVendor: false, onOpen: setOpen });
  const list = installation.deliveries;
  if (!list) return null;
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
            <Trans>Nothing was tried yet. Each call of the third party will stand here, with how it ended.</Trans>
          )}
        </Empty>
      ) : (
        <DataTable label={t`Deliveries to ${installation.name}`} columns={columns} rows={rows} nameOf={({ verb }) => i18n._(VERB_NAMES[verb])} />
      )}
      <Paging page={list.pageInfo} after={after} onGo={(next) => void navigate({ search: (now) => ({ ...now, after: next }) })} />
      {open && <AttemptsDialog delivery={open} mayRetry={mayManage} onDone={onDone} onClose={() => setOpen(undefined)} />}
    </>
  );
}
