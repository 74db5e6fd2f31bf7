import { msg } from "@lingui/core/macro";
import { Trans, useLingui } from "@lingui/react/macro";
import { useNavigate } from "@tanstack/react-router";
import { Plus } from "lucide-react";
import { useState } from "react";
import { usePage } from "../../../api/use_page";
import { ActFailures } from "../../../components/act_failures";
import { CopyAsGraphQL } from "../../../components/copy_as_graphql";
import { DataTable } from "../../../components/data_table";
import { Tick } from "../../../components/fields";
import { opened } from "../../../components/opened";
import { PageFrame } from "../../../components/page_frame";
import { Paging } from "../../../components/paging";
import { Empty, Part } from "../../../components/states";
import { useObjectAddress } from "../../../components/text_link";
import { useKey } from "../../../shell/keys";
import { useMay } from "../../../shell/viewer";
import { AddLink } from "../add_link";
import type { GrantRow } from "../grant_chips";
import { integrationsRoute } from "../route";
import { usePausing } from "../use_pausing";
import { type InstallationRow, useColumns } from "./columns";
import { InstallationsQuery } from "./documents";

const UninstallDialog = opened(() => import("../uninstall_dialog"), "UninstallDialog");
const WithdrawDialog = opened(() => import("../withdraw_dialog"), "WithdrawDialog");

/** What each row asks costs more than a row of people. */
const ROWS = 25;

export default function IntegrationsPage() {
  const { t } = useLingui();
  const { removed, after } = integrationsRoute.useSearch();
  const navigate = useNavigate({ from: integrationsRoute.fullPath });
  const { organisation } = integrationsRoute.useParams();
  const addressOf = useObjectAddress();
  const mayManage = useMay("INTEGRATIONS_MANAGE");
  const [stopping, setStopping] = useState<{ grant: GrantRow; name: string }>();
  const [leaving, setLeaving] = useState<InstallationRow>();
  const add = () => void navigate({ to: "/o/$organisation/integrations/add", params: { organisation } });
  useKey("c", msg`Connect a third party`, add, mayManage);
  const asked = usePage(InstallationsQuery, { first: ROWS, after: after ?? null, withRemoved: removed === true });
  const pausing = usePausing(asked.refresh);
  const columns = useColumns({
    mayManage,
    onStop: (installation, grant) => setStopping({ grant, name: installation.name }),
    onPause: (installation) => void pausing.pause(installation),
    onResume: (installation) => void pausing.resume(installation),
    onUninstall: setLeaving,
  });
  const list = asked.data?.installations;
  const rows = list?.edges.map(({ node }) => node) ?? [];
  return (
    <PageFrame
      title={t`Third parties`}
      about={<Trans>Who receives data of your people, what, and of how many. Nothing goes to anybody who is not listed here.</Trans>}
      actions={
        <>
          <CopyAsGraphQL asked={asked} />
          {mayManage && (
            <AddLink kind="main">
              <Plus aria-hidden />
              <Trans>Connect a third party</Trans>
            </AddLink>
          )}
        </>
      }
    >
      <ActFailures commands={pausing.commands} />
      <Tick isSelected={removed === true} onChange={(is) => void navigate({ search: () => (is ? { removed: true } : {}) })}>
        <Trans>Also those that were taken away</Trans>
      </Tick>
      <Part asked={asked} lines={6}>
        {rows.length === 0 ? (
          <NoThirdParties mayManage={mayManage} />
        ) : (
          <DataTable
            label={t`Third parties`}
            columns={columns}
            rows={rows}
            nameOf={({ name }) => name}
            addressOf={({ id }) => addressOf("integrations", id)}
          />
        )}
        {list && <Paging page={list.pageInfo} after={after} onGo={(next) => void navigate({ search: (now) => ({ ...now, after: next }) })} />}
      </Part>
      {stopping && <WithdrawDialog {...stopping} onDone={asked.refresh} onClose={() => setStopping(undefined)} />}
      {leaving && <UninstallDialog installation={leaving} onDone={asked.refresh} onClose={() => setLeaving(undefined)} />}
    </PageFrame>
  );
}

function NoThirdParties({ mayManage }: { mayManage: boolean }) {
  return (
    <Empty
      act={
        mayManage && (
          <AddLink>
            <Trans>See what can be connected</Trans>
          </AddLink>
        )
      }
    >
      <Trans>
        No data leaves your organisation. An address book, a calendar or another service that you connect stands here, with what it gets
        of whom, and how it is taken back.
      </Trans>
    </Empty>
  );
}
