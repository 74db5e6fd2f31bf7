import { Trans, useLingui } from "@lingui/react/macro";
import { useNavigate } from "@tanstack/react-router";
import { usePage } from "../../../api/use_page";
import { CopyAsGraphQL } from "../../../components/copy_as_graphql";
import { DataTable } from "../../../components/data_table";
import { ExportTable } from "../../../components/export_table";
import { PageFrame } from "../../../components/page_frame";
import { PAGE_SIZE, Paging } from "../../../components/paging";
import { Empty, Part } from "../../../components/states";
import { ledgerRoute } from "../route";
import { useLedgerColumns } from "./columns";
import { LedgerQuery } from "./documents";
import { LedgerFilters } from "./ledger_filters";

/** The ledger: every delivery of people's data, oldest first; nothing in it is ever changed. */
export default function LedgerPage() {
  const { t } = useLingui();
  const { installation, member, after } = ledgerRoute.useSearch();
  const navigate = useNavigate({ from: ledgerRoute.fullPath });
  const asked = usePage(LedgerQuery, {
    first: PAGE_SIZE,
    after: after ?? null,
    installation: installation ?? null,
    member: member ?? null,
    ofInstallation: installation !== undefined,
    ofMember: member !== undefined,
    installationKey: installation ?? "",
    memberKey: member ?? "",
  });
  const columns = useLedgerColumns({ withRecipient: true });
  const list = asked.data?.disclosures;
  const rows = list?.edges.map(({ node }) => node) ?? [];
  const isFiltered = Boolean(installation || member);
  return (
    <PageFrame
      title={t`Disclosures`}
      about={<Trans>What went to whom, of whom, and whether it arrived: every delivery, the oldest first. Nobody can change it.</Trans>}
      actions={
        <>
          <CopyAsGraphQL asked={asked} />
          <ExportTable
            table="disclosures"
            variables={{ ...(installation ? { installationId: installation } : {}), ...(member ? { memberId: member } : {}) }}
          />
        </>
      }
    >
      <LedgerFilters
        installation={asked.data?.installation && "name" in asked.data.installation ? asked.data.installation : undefined}
        member={asked.data?.member ?? undefined}
        isFiltered={isFiltered}
      />
      <Part asked={asked} lines={12}>
        {rows.length === 0 ? (
          <Empty>
            {isFiltered ? (
              <Trans>Nothing was sent that fits these filters.</Trans>
            ) : (
              <Trans>Nothing has left your organisation yet. Each delivery to a third party will stand here.</Trans>
            )}
          </Empty>
        ) : (
          <DataTable label={t`Disclosures`} columns={columns} rows={rows} nameOf={({ member: person, recipient }) => person?.displayName ?? recipient} />
        )}
        {list && <Paging page={list.pageInfo} after={after} onGo={(next) => void navigate({ search: (now) => ({ ...now, after: next }) })} />}
      </Part>
    </PageFrame>
  );
}
