import { Trans, useLingui } from "@lingui/react/macro";
import { useNavigate } from "@tanstack/react-router";
import { UserPlus } from "lucide-react";
import { useState } from "react";
import type { ResultOf } from "../../api/graphql";
import { useCommand } from "../../api/use_command";
import { usePage } from "../../api/use_page";
import { ActFailures } from "../../components/act_failures";
import { Button } from "../../components/button";
import { CopyAsGraphQL } from "../../components/copy_as_graphql";
import { DataTable } from "../../components/data_table";
import { Tick } from "../../components/fields";
import { FilterBar } from "../../components/filter_bar";
import { opened } from "../../components/opened";
import { PageFrame } from "../../components/page_frame";
import { PAGE_SIZE, Paging } from "../../components/paging";
import { Empty, Part } from "../../components/states";
import { useTell } from "../../shell/outcomes";
import { useMay } from "../../shell/viewer";
import { useColumns } from "./columns";
import { InvitationsQuery, RevokeInvitationMutation } from "./documents";
import { invitationsRoute } from "./route";

const InviteDialog = opened(() => import("../../people/invite_dialog"), "InviteDialog");
const CorrectDialog = opened(() => import("./correct_dialog"), "CorrectDialog");

export type Invitation = ResultOf<typeof InvitationsQuery>["invitations"]["edges"][number]["node"];

export default function InvitationsPage() {
  const { t } = useLingui();
  const { ended, after } = invitationsRoute.useSearch();
  const navigate = useNavigate({ from: invitationsRoute.fullPath });
  const tell = useTell();
  const mayInvite = useMay("INVITATIONS_SEND");
  const [isInviting, setIsInviting] = useState(false);
  const [corrected, setCorrected] = useState<Invitation>();
  const revoking = useCommand(RevokeInvitationMutation);
  const asked = usePage(InvitationsQuery, { first: PAGE_SIZE, after: after ?? null, isOpenOnly: !ended });
  const revoke = async ({ id, email }: Invitation) => {
    if (!(await revoking.run({ input: { invitationId: id } }))) return;
    tell({
      text: (
        <Trans>
          The invitation of <bdi>{email}</bdi> is revoked: its link leads nowhere. To take that back, invite the person again.
        </Trans>
      ),
    });
  };
  const columns = useColumns(mayInvite ? { revoke: (one) => void revoke(one), correct: setCorrected } : undefined);
  const list = asked.data?.invitations;
  const rows = list?.edges.map(({ node }) => node) ?? [];
  return (
    <PageFrame
      title={t`Invitations`}
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
      <FilterBar isFiltered={ended ?? false} onClear={() => void navigate({ search: {} })}>
        <Tick isSelected={ended ?? false} onChange={(isAll) => void navigate({ search: { ended: isAll ? (true as const) : undefined } })}>
          <Trans>Also those that were accepted, revoked or have expired</Trans>
        </Tick>
      </FilterBar>
      <ActFailures commands={[revoking]} />
      <Part asked={asked} lines={8}>
        {rows.length === 0 ? (
          <Empty>
            {ended ? (
              <Trans>Nobody was invited yet. Who is invited stands here, until when, and what became of it.</Trans>
            ) : (
              <Trans>No invitation waits for an answer. Who is invited stands here until he or she has accepted.</Trans>
            )}
          </Empty>
        ) : (
          <DataTable label={t`Invitations`} columns={columns} rows={rows} nameOf={({ email }) => email} />
        )}
        {list && <Paging page={list.pageInfo} after={after} onGo={(next) => void navigate({ search: (now) => ({ ...now, after: next }) })} />}
      </Part>
      {isInviting && (
        <InviteDialog
          onClose={() => {
            setIsInviting(false);
            asked.refresh();
          }}
        />
      )}
      {corrected && <CorrectDialog invitation={corrected} revoking={revoking} onClose={() => setCorrected(undefined)} onDone={asked.refresh} />}
    </PageFrame>
  );
}
