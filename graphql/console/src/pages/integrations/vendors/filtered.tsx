import { useLingui } from "@lingui/react/macro";
import { useNavigate } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { Filter, FilterBar } from "../../../components/filter_bar";
import { STATE_NAMES, type RemoteState } from "../remote/words";
import { vendorsRoute } from "../route";

/** A list that is narrowed by state; of the states in the address those count that it can have. */
export function Filtered({ states, children }: { states: readonly RemoteState[]; children: ReactNode }) {
  const { t, i18n } = useLingui();
  const { state = [] } = vendorsRoute.useSearch();
  const navigate = useNavigate({ from: vendorsRoute.fullPath });
  const selected = states.filter((one) => state.includes(one));
  const narrow = (chosen: RemoteState[]) => void navigate({ search: ({ tab }) => ({ tab, state: chosen.length ? chosen : undefined }) });
  return (
    <>
      <FilterBar isFiltered={selected.length > 0} onClear={() => narrow([])}>
        <Filter label={t`State`} options={states.map((id) => ({ id, name: i18n._(STATE_NAMES[id]) }))} selected={selected} onChange={narrow} />
      </FilterBar>
      {children}
    </>
  );
}
