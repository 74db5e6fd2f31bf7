import { Trans, useLingui } from "@lingui/react/macro";
import { useNavigate, useParams } from "@tanstack/react-router";
import { Download } from "lucide-react";
import { usePage } from "../../api/use_page";
import button from "../../components/button.module.css";
import { CopyAsGraphQL } from "../../components/copy_as_graphql";
import { DataTable } from "../../components/data_table";
import { ExportTable } from "../../components/export_table";
import { PageFrame } from "../../components/page_frame";
import { PAGE_SIZE, Paging } from "../../components/paging";
import { Empty, Part } from "../../components/states";
import { AuditFilters } from "./audit_filters";
import { ChainBadge } from "./chain_badge";
import { useColumns } from "./columns";
import { AuditQuery } from "./documents";
import { auditRoute } from "./route";
import { whereOf } from "./where";

export default function AuditPage() {
  const { t } = useLingui();
  const search = auditRoute.useSearch();
  const navigate = useNavigate({ from: auditRoute.fullPath });
  const { actor, merger, after } = search;
  const where = whereOf(search);
  const variables = { where, mergerId: merger ?? null };
  const asked = usePage(AuditQuery, { first: PAGE_SIZE, after: after ?? null, where, merger: merger ?? null, actor: actor ?? "", ofActor: actor !== undefined });
  const narrow = (change: Partial<typeof search>) => void navigate({ search: (now) => ({ ...now, ...change, after: undefined }) });
  const columns = useColumns(narrow);
  const list = asked.data?.auditLog;
  const rows = list?.edges.map(({ node }) => node) ?? [];
  const isFiltered = Boolean(where || merger);
  return (
    <PageFrame
      title={t`Audit log`}
      about={
        merger ? (
          <Trans>The log of the organisation that joined by a merger, as it was then.</Trans>
        ) : (
          <Trans>Who did what, to whom or what, and when. Each entry holds the one before, so that nobody can change it unseen.</Trans>
        )
      }
      actions={
        <>
          <CopyAsGraphQL asked={asked} />
          <ExportTable table="auditLog" variables={variables} />
          {!merger && <ExportChain />}
        </>
      }
    >
      {!merger && <ChainBadge verification={asked.data?.auditVerification} refresh={asked.refresh} />}
      <AuditFilters actorName={asked.data?.member?.displayName ?? undefined} isFiltered={isFiltered} />
      <Part asked={asked} lines={12}>
        {rows.length === 0 ? (
          <Empty>{isFiltered ? <Trans>Nothing in the log fits these filters.</Trans> : <Trans>What is done in the organisation stands here, from the first act on.</Trans>}</Empty>
        ) : (
          <DataTable label={t`Audit log`} columns={columns} rows={rows} nameOf={({ action }) => action} />
        )}
        {list && <Paging page={list.pageInfo} after={after} onGo={(next) => void navigate({ search: (now) => ({ ...now, after: next }) })} />}
      </Part>
    </PageFrame>
  );
}

/** The whole chain, as it can be verified anywhere; that it was handed out stands in it. */
function ExportChain() {
  const { organisation = "" } = useParams({ strict: false });
  return (
    <a className={`${button.button} ${button.plain}`} href={`/audit/export?${new URLSearchParams({ organisation }).toString()}`} download>
      <Download aria-hidden />
      <Trans>Export all (JSON lines)</Trans>
    </a>
  );
}
