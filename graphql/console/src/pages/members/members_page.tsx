import { msg } from "@lingui/core/macro";
import { Trans, useLingui } from "@lingui/react/macro";
import { useNavigate } from "@tanstack/react-router";
import { UserPlus } from "lucide-react";
import { useState } from "react";
import { usePage } from "../../api/use_page";
import { Button } from "../../components/button";
import { CopyAsGraphQL } from "../../components/copy_as_graphql";
import { DataTable } from "../../components/data_table";
import { PageFrame } from "../../components/page_frame";
import { PAGE_SIZE, Paging } from "../../components/paging";
import { Empty, Part } from "../../components/states";
import { useObjectAddress } from "../../components/text_link";
import { useKey } from "../../shell/keys";
import { useMay } from "../../shell/viewer";
import { useColumns } from "./columns";
import { MembersQuery } from "./documents";
import { InviteDialog } from "./invite_dialog";
import { MemberFilters } from "./member_filters";
import { membersRoute } from "./route";

export default function MembersPage() {
  const { t } = useLingui();
  const search = membersRoute.useSearch();
  const navigate = useNavigate({ from: membersRoute.fullPath });
  const addressOf = useObjectAddress();
  const [isInviting, setIsInviting] = useState(false);
  const mayInvite = useMay("INVITATIONS_SEND");
  useKey("i", msg`Invite somebody`, () => setIsInviting(true), mayInvite);
  const { q, state, role, group, order = "NAME", after } = search;
  const asked = usePage(MembersQuery, {
    first: PAGE_SIZE,
    after: after ?? null,
    where: { namePrefix: q ?? null, states: state?.length ? state : null, role: role ?? null, groupId: group ?? null },
    order: q ? "NAME" : order,
    group: group ?? "",
    ofGroup: group !== undefined,
  });
  const columns = useColumns();
  const list = asked.data?.members;
  const rows = list?.edges.map(({ node }) => node) ?? [];
  const isFiltered = Boolean(q || state?.length || role || group);
  return (
    <PageFrame
      title={t`Members`}
      actions={
        <>
          <CopyAsGraphQL asked={asked} />
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
        {rows.length === 0 ? (
          <NoMembers isFiltered={isFiltered} />
        ) : (
          <DataTable
            label={t`Members`}
            columns={columns}
            rows={rows}
            nameOf={({ displayName, email }) => displayName ?? email ?? ""}
            addressOf={({ id }) => addressOf("members", id)}
            sorting={{ order: q ? "NAME" : order }}
            onSort={(sorting) =>
              void navigate({ search: (now) => ({ ...now, after: undefined, order: sorting.order === "CREATED" ? "CREATED" : undefined }) })
            }
          />
        )}
        {list && <Paging page={list.pageInfo} after={after} onGo={(next) => void navigate({ search: (now) => ({ ...now, after: next }) })} />}
      </Part>
      {isInviting && <InviteDialog onClose={() => setIsInviting(false)} />}
    </PageFrame>
  );
}

function NoMembers({ isFiltered }: { isFiltered: boolean }) {
  return (
    <Empty>
      {isFiltered ? (
        <Trans>No member fits these filters.</Trans>
      ) : (
        <Trans>The people of your organisation stand here. Invite somebody by an e-mail address, import a list, or prove a domain.</Trans>
      )}
    </Empty>
  );
}
