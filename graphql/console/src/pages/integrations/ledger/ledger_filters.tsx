import { useLingui } from "@lingui/react/macro";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { usePart } from "../../../api/use_page";
import { Filter, FilterBar } from "../../../components/filter_bar";
import { ledgerRoute } from "../route";
import { InstallationChoicesQuery, PeopleChoicesQuery } from "./documents";

interface Properties {
  /** What the address names, once its name is known. */
  installation: { id: string; name: string } | undefined;
  member: { id: string; displayName: string | null } | undefined;
  isFiltered: boolean;
}

export function LedgerFilters({ installation, member, isFiltered }: Properties) {
  const { t } = useLingui();
  const search = ledgerRoute.useSearch();
  const navigate = useNavigate({ from: ledgerRoute.fullPath });
  const [isOpen, setIsOpen] = useState(false);
  const [sought, setSought] = useState("");
  const choices = usePart(InstallationChoicesQuery, {}, isOpen);
  const people = usePart(PeopleChoicesQuery, { search: sought }, sought !== "");
  const narrow = (change: Partial<typeof search>) => void navigate({ search: (now) => ({ ...now, ...change, after: undefined }) });
  const installations = choices.data?.installations.edges.map(({ node }) => node) ?? (installation ? [installation] : []);
  const found = people.data?.members.edges.map(({ node }) => node) ?? [];
  const persons = [...new Map([...(member ? [member] : []), ...(sought ? found : [])].map((one) => [one.id, one])).values()];
  return (
    <FilterBar
      search={{ label: t`Beginning of a person's name`, value: sought, onChange: setSought }}
      isFiltered={isFiltered}
      onClear={() => void navigate({ search: {} })}
    >
      {persons.length > 0 && (
        <Filter
          label={t`Person`}
          isSingle
          options={persons.map(({ id, displayName }) => ({ id, name: displayName ?? "" }))}
          selected={search.member ? [search.member] : []}
          onChange={([chosen]) => narrow({ member: chosen })}
        />
      )}
      <Filter
        label={t`Third party`}
        isSingle
        options={installations}
        selected={search.installation ? [search.installation] : []}
        onChange={([chosen]) => narrow({ installation: chosen })}
        onOpen={() => setIsOpen(true)}
      />
    </FilterBar>
  );
}
