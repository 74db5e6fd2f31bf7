import { useLingui } from "@lingui/react/macro";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { usePart } from "../../api/use_page";
import { Filter, FilterBar } from "../../components/filter_bar";
import { useMay } from "../../shell/viewer";
import { GroupChoicesQuery } from "./documents";
import { membersRoute } from "./route";
import { ROLE_NAMES, ROLES, STATE_NAMES, STATES } from "../../words/members";

interface Properties {
  /** The group that the address names, once its name is known. */
  group: { id: string; name: string } | undefined;
  isFiltered: boolean;
}

export function MemberFilters({ group, isFiltered }: Properties) {
  const { t, i18n } = useLingui();
  const search = membersRoute.useSearch();
  const navigate = useNavigate({ from: membersRoute.fullPath });
  const [isGroupOpen, setIsGroupOpen] = useState(false);
  const choices = usePart(GroupChoicesQuery, {}, isGroupOpen);
  const seesDetails = useMay("MEMBERS_READ_DETAILS");
  // Another filter begins at its first page.
  const narrow = (change: Partial<typeof search>) => void navigate({ search: (now) => ({ ...now, ...change, after: undefined }) });
  const groups = choices.data?.groups.edges.map(({ node }) => node) ?? (group ? [group] : []);
  return (
    <FilterBar
      search={{ label: t`Name, address or id`, value: search.q ?? "", onChange: (q) => narrow({ q: q || undefined }) }}
      isFiltered={isFiltered}
      onClear={() => void navigate({ search: ({ order }) => ({ order }) })}
    >
      {seesDetails && (
        <>
          <Filter
            label={t`State`}
            options={STATES.map((id) => ({ id, name: i18n._(STATE_NAMES[id]) }))}
            selected={search.state ?? []}
            onChange={(state) => narrow({ state: state.length ? state : undefined })}
          />
          <Filter
            label={t`Role`}
            isSingle
            options={ROLES.map((id) => ({ id, name: i18n._(ROLE_NAMES[id]) }))}
            selected={search.role ? [search.role] : []}
            onChange={([role]) => narrow({ role })}
          />
        </>
      )}
      <Filter
        label={t`Group`}
        isSingle
        options={groups}
        selected={search.group ? [search.group] : []}
        onChange={([chosen]) => narrow({ group: chosen })}
        onOpen={() => setIsGroupOpen(true)}
      />
    </FilterBar>
  );
}
