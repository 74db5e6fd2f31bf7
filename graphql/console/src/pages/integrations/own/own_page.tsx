import { Trans, useLingui } from "@lingui/react/macro";
import { useNavigate } from "@tanstack/react-router";
import { Plus } from "lucide-react";
import { useState } from "react";
import { usePage } from "../../../api/use_page";
import { ActFailures } from "../../../components/act_failures";
import { DataTable } from "../../../components/data_table";
import { PageFrame } from "../../../components/page_frame";
import { Paging } from "../../../components/paging";
import { Empty, Part } from "../../../components/states";
import { useObjectAddress } from "../../../components/text_link";
import { useViewer } from "../../../shell/viewer";
import { AddLink } from "../add_link";
import type { GrantRow } from "../grant_chips";
import { type InstallationRow, useColumns } from "../list/columns";
import { InstallationsQuery } from "../list/documents";
import { ownRoute } from "../route";
import { UninstallDialog } from "../uninstall_dialog";
import { usePausing } from "../use_pausing";
import { WithdrawDialog } from "../withdraw_dialog";

const ROWS = 25;

/** What somebody has connected for the own data alone. */
export default function OwnPage() {
  const { t } = useLingui();
  const { after } = ownRoute.useSearch();
  const navigate = useNavigate({ from: ownRoute.fullPath });
  const addressOf = useObjectAddress();
  const me = useViewer()?.member?.id;
  const [stopping, setStopping] = useState<{ grant: GrantRow; name: string }>();
  const [leaving, setLeaving] = useState<InstallationRow>();
  const asked = usePage(InstallationsQuery, { first: ROWS, after: after ?? null, withRemoved: false });
  const pausing = usePausing(asked.refresh);
  const columns = useColumns({
    mayManage: true,
    onStop: (installation, grant) => setStopping({ grant, name: installation.name }),
    onPause: (installation) => void pausing.pause(installation),
    onResume: (installation) => void pausing.resume(installation),
    onUninstall: setLeaving,
  }).filter(({ id }) => id !== "people");
  const list = asked.data?.installations;
  const rows = list?.edges.map(({ node }) => node).filter(({ member }) => member?.id === me) ?? [];
  const mayConnect = asked.data?.organisation.settings.membersMayInstall === true;
  return (
    <PageFrame
      title={t`My connections`}
      about={<Trans>Services that you have connected for your own data alone, such as your calendar. Nobody else's data goes there.</Trans>}
      actions={
        mayConnect && (
          <AddLink kind="main">
            <Plus aria-hidden />
            <Trans>Connect a third party</Trans>
          </AddLink>
        )
      }
    >
      <ActFailures commands={pausing.commands} />
      <Part asked={asked} lines={4}>
        {rows.length === 0 ? (
          <Empty>
            {mayConnect ? (
              <Trans>You have connected nothing. A service that you connect stands here, with what it gets of you, and how it is taken back.</Trans>
            ) : (
              <Trans>You have connected nothing, and your organisation lets administrators alone connect services.</Trans>
            )}
          </Empty>
        ) : (
          <DataTable label={t`My connections`} columns={columns} rows={rows} nameOf={({ name }) => name} addressOf={({ id }) => addressOf("integrations", id)} />
        )}
        {list && <Paging page={list.pageInfo} after={after} onGo={(next) => void navigate({ search: { after: next } })} />}
      </Part>
      {stopping && <WithdrawDialog {...stopping} onDone={asked.refresh} onClose={() => setStopping(undefined)} />}
      {leaving && <UninstallDialog installation={leaving} onDone={asked.refresh} onClose={() => setLeaving(undefined)} />}
    </PageFrame>
  );
}
