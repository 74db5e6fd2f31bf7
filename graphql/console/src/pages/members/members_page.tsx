import { msg } from "@lingui/core/macro";
import { Trans, useLingui } from "@lingui/react/macro";
import { Link, useNavigate } from "@tanstack/react-router";
import { FileUp, UserPlus } from "lucide-react";
import { useState } from "react";
import type { ResultOf } from "../../api/graphql";
import { usePage } from "../../api/use_page";
import { BulkOutcome } from "../../components/bulk_outcome";
import { Button } from "../../components/button";
import button from "../../components/button.module.css";
import { CopyAsGraphQL } from "../../components/copy_as_graphql";
import { DataTable } from "../../components/data_table";
import { ExportTable } from "../../components/export_table";
import { opened } from "../../components/opened";
import { PageFrame } from "../../components/page_frame";
import { PAGE_SIZE, Paging } from "../../components/paging";
import { RecordedLooks } from "../../components/recorded_looks";
import { Empty, Part } from "../../components/states";
import { useObjectAddress } from "../../components/text_link";
import { useBulk } from "../../components/use_bulk";
import { useKey } from "../../shell/keys";
import { useMay, useViewer } from "../../shell/viewer";
import { SavedViews } from "../../views/saved_views";
import type { Order } from "../../words/members";
import { BulkActs } from "./bulk_acts";
import { type MemberRow, useColumns } from "./columns";
import { MembersQuery } from "./documents";
import { MemberFilters } from "./member_filters";
import { membersRoute } from "./route";

const InviteDialog = opened(() => import("../../people/invite_dialog"), "InviteDialog");

export default function MembersPage() {
  const { t } = useLingui();
  const search = membersRoute.useSearch();
  const [isInviting, setIsInviting] = useState(false);
  const mayInvite = useMay("INVITATIONS_SEND");
  const mayImport = useMay("MEMBERS_UPDATE");
  const addressOf = useObjectAddress();
  const seesDetails = useMay("MEMBERS_READ_DETAILS");
  useKey("i", msg`Invite somebody`, () => setIsInviting(true), mayInvite);
  const { q, state, role, group, after } = search;
  const order = q ? "NAME" : (search.order ?? "NAME");
  const where = { search: q ?? null, states: state?.length ? state : null, role: role ?? null, groupId: group ?? null };
  const asked = usePage(MembersQuery, { first: PAGE_SIZE, after: after ?? null, where, order, group: group ?? "", ofGroup: group !== undefined });
  const isFiltered = Boolean(q || state?.length || role || group);
  return (
    <PageFrame
      title={t`Members`}
      actions={
        <>
          <CopyAsGraphQL asked={asked} />
          {seesDetails && <ExportTable table="members" variables={{ where, orderBy: order }} />}
          <SavedViews page="members" />
          {mayImport && (
            <Link to={addressOf("members", "import") as string} className={`${button.button} ${button.plain}`}>
              <FileUp aria-hidden />
              <Trans>Import</Trans>
            </Link>
          )}
          {mayInvite && (
            <Button kind="main" onPress={() => setIsInviting(true)}>
              <UserPlus aria-hidden />
              <Trans>Invite</Trans>
            </Button>
          )}
        </>
      }
    >
      <MemberFilters group={asked.data?.group ?? undefined} isFiltered={isFiltered} />
      <Part asked={asked} lines={12}>
        {asked.data && <MemberList list={asked.data.members} order={order} isFiltered={isFiltered} />}
      </Part>
      {isInviting && <InviteDialog onClose={() => setIsInviting(false)} />}
    </PageFrame>
  );
}

interface ListProperties {
  list: ResultOf<typeof MembersQuery>["members"];
  order: Order;
  isFiltered: boolean;
}

function MemberList({ list, order, isFiltered }: ListProperties) {
  const { t } = useLingui();
  const search = membersRoute.useSearch();
  const navigate = useNavigate({ from: membersRoute.fullPath });
  const addressOf = useObjectAddress();
  const viewer = useViewer();
  const bulk = useBulk(JSON.stringify(search));
  const mayAct = useMay("MEMBERS_REMOVE", "ROLES_ASSIGN", "GROUPS_MANAGE");
  const columns = useColumns();
  const rows = list.edges.map(({ node }) => node);
  const sort = (next: string | undefined) => void navigate({ search: (now) => ({ ...now, after: undefined, order: next === "CREATED" ? next : undefined }) });
  if (rows.length === 0) return <NoMembers isFiltered={isFiltered} />;
  return (
    <>
      {mayAct && <BulkActs bulk={bulk} />}
      {bulk.last && <BulkOutcome done={bulk.last.done.length} refused={bulk.last.refused} onRetry={() => void bulk.retry()} />}
      <DataTable
        label={t`Members`}
        columns={columns}
        rows={rows}
        nameOf={({ displayName, email }) => displayName ?? email ?? ""}
        addressOf={({ id }) => addressOf("members", id)}
        sorting={{ order }}
        onSort={(sorting) => sort(sorting.order)}
        reasonOf={bulk.reasonOf}
        {...(mayAct ? { selected: bulk.selected, onSelect: bulk.select } : {})}
      />
      <Paging page={list.pageInfo} after={search.after} onGo={(next) => void navigate({ search: (now) => ({ ...now, after: next }) })} />
      <RecordedLooks people={rows.filter((row) => isLookedAt(row) && row.id !== viewer?.member?.id).length} />
    </>
  );
}

/** Whether more than the name was shown. */
function isLookedAt({ email, roles, state }: MemberRow): boolean {
  return Boolean(email || roles?.length || state);
}

function NoMembers({ isFiltered }: { isFiltered: boolean }) {
  const mayInvite = useMay("INVITATIONS_SEND");
  return (
    <Empty>
      {isFiltered ? (
        <Trans>No member fits these filters.</Trans>
      ) : mayInvite ? (
        <Trans>The people of your organisation stand here. Invite somebody by an e-mail address, import a list, or prove a domain.</Trans>
      ) : (
        <Trans>The people with whom you share a group stand here.</Trans>
      )}
    </Empty>
  );
}
