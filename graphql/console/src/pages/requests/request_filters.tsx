import { msg } from "@lingui/core/macro";
import type { MessageDescriptor } from "@lingui/core";
import { useLingui } from "@lingui/react/macro";
import { useNavigate } from "@tanstack/react-router";
import { Filter, FilterBar } from "../../components/filter_bar";
import { HANDLER_NAMES, HANDLERS, KIND_NAMES, KINDS, OPEN_STATES, STATE_NAMES } from "../../words/requests";
import { requestsRoute, SPANS } from "./route";

const SPAN_NAMES: Record<(typeof SPANS)[number], MessageDescriptor> = {
  today: msg`Today, or before`,
  week: msg`This week`,
  month: msg`Within a month`,
};

interface Properties {
  /** Whose requests alone are shown, once the name is known. */
  member: { id: string; displayName: string | null } | null | undefined;
  isFiltered: boolean;
}

export function RequestFilters({ member, isFiltered }: Properties) {
  const { t, i18n } = useLingui();
  const search = requestsRoute.useSearch();
  const navigate = useNavigate({ from: requestsRoute.fullPath });
  // Another filter begins at its first page.
  const narrow = (change: Partial<typeof search>) => void navigate({ search: (now) => ({ ...now, ...change, after: undefined }) });
  const isList = (search.tab ?? "list") === "list";
  return (
    <FilterBar isFiltered={isFiltered} onClear={() => void navigate({ search: ({ tab, week }) => ({ tab, week }) })}>
      {!search.ended && (
        <>
          <Filter
            label={t`State`}
            options={OPEN_STATES.map((id) => ({ id, name: i18n._(STATE_NAMES[id]) }))}
            selected={search.state ?? []}
            onChange={(state) => narrow({ state: state.length ? state : undefined })}
          />
          <Filter
            label={t`For what`}
            options={KINDS.map((id) => ({ id, name: i18n._(KIND_NAMES[id]) }))}
            selected={search.kind ?? []}
            onChange={(kind) => narrow({ kind: kind.length ? kind : undefined })}
          />
        </>
      )}
      <Filter
        label={t`Decided by`}
        isSingle
        options={HANDLERS.map((id) => ({ id, name: i18n._(HANDLER_NAMES[id]) }))}
        selected={search.handler ? [search.handler] : []}
        onChange={([handler]) => narrow({ handler })}
      />
      <Filter
        label={t`Due`}
        isSingle
        options={[...SPANS.map((id) => ({ id, name: i18n._(SPAN_NAMES[id]) })), { id: "late" as const, name: t`Late` }]}
        selected={search.late ? ["late"] : search.due ? [search.due] : []}
        onChange={([due]) => narrow(due === "late" ? { late: true, due: undefined } : { due, late: undefined })}
      />
      {isList && (
        <Filter
          label={t`Open or ended`}
          isSingle
          options={[{ id: "ended" as const, name: t`Ended` }]}
          selected={search.ended ? ["ended"] : []}
          onChange={([ended]) => narrow({ ended: ended ? true : undefined, state: undefined, kind: undefined })}
        />
      )}
      {search.member && (
        <Filter
          label={t`Who asks`}
          isSingle
          options={member ? [{ id: member.id, name: member.displayName ?? t`Without a name` }] : []}
          selected={[search.member]}
          onChange={([chosen]) => narrow({ member: chosen })}
        />
      )}
    </FilterBar>
  );
}
