import { Trans, useLingui } from "@lingui/react/macro";
import { type ReactNode, useState } from "react";
import { DataTable } from "../../../components/data_table";
import { Filter, FilterBar } from "../../../components/filter_bar";
import { opened } from "../../../components/opened";
import { Paging } from "../../../components/paging";
import { Empty } from "../../../components/states";
import { OBLIGATION_STATE_NAMES, OBLIGATION_STATES, type ObligationState, VERB_NAMES } from "../../../words/obligations";
import { type Delivery, useDeliveryColumns } from "./columns";

const AttemptsDialog = opened(() => import("./attempts_dialog"), "AttemptsDialog");

interface Properties {
  label: string;
  list: { edges: readonly { node: Delivery }[]; pageInfo: { hasNextPage: boolean; endCursor: string | null } };
  /** A vendor's own log: it has no person, and its vendor tries nothing again. */
  ofVendor?: boolean;
  mayRetry?: boolean;
  /** What stands there before anything was tried. */
  empty: ReactNode;
  state: readonly ObligationState[] | undefined;
  onState: (state: ObligationState[] | undefined) => void;
  after: string | undefined;
  onGo: (after: string | undefined) => void;
  onDone: () => void;
}

/** What was tried, how it ended, and when it is tried next. */
export function DeliveryList({ label, list, ofVendor = false, mayRetry = false, empty, state, onState, after, onGo, onDone }: Properties) {
  const { t, i18n } = useLingui();
  const [open, setOpen] = useState<Delivery>();
  const columns = useDeliveryColumns({ ofVendor, onOpen: setOpen });
  const rows = list.edges.map(({ node }) => node);
  return (
    <>
      <FilterBar isFiltered={state !== undefined} onClear={() => onState(undefined)}>
        <Filter
          label={t`State`}
          options={OBLIGATION_STATES.map((id) => ({ id, name: i18n._(OBLIGATION_STATE_NAMES[id]) }))}
          selected={state ?? []}
          onChange={(chosen) => onState(chosen.length ? chosen : undefined)}
        />
      </FilterBar>
      {rows.length === 0 ? (
        <Empty>{state ? <Trans>Nothing that was tried stands there now.</Trans> : empty}</Empty>
      ) : (
        <DataTable label={label} columns={columns} rows={rows} nameOf={({ verb }) => i18n._(VERB_NAMES[verb])} />
      )}
      <Paging page={list.pageInfo} after={after} onGo={onGo} />
      {open && <AttemptsDialog delivery={open} mayRetry={mayRetry} onDone={onDone} onClose={() => setOpen(undefined)} />}
    </>
  );
}
