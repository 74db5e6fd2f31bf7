import { Trans, useLingui } from "@lingui/react/macro";
import { useNavigate } from "@tanstack/react-router";
import { usePage } from "../../../api/use_page";
import { CopyAsGraphQL } from "../../../components/copy_as_graphql";
import { PageFrame } from "../../../components/page_frame";
import { PAGE_SIZE } from "../../../components/paging";
import { Part } from "../../../components/states";
import { Tabs } from "../../../components/tabs";
import { developersRoute } from "../route";
import { ClientsPart } from "./clients_part";
import { DeliveriesPart } from "./deliveries_part";
import { DevelopersQuery } from "./documents";
import { ManifestPart } from "./manifest_part";
import { RemotePart } from "./remote_part";
import { ReportPart } from "./report_part";

/** The vendor's own desk: its programs, what happens at its integrations, and a look at a declaration as others see it. */
export default function DevelopersPage() {
  const { t } = useLingui();
  const { tab = "clients", state, after } = developersRoute.useSearch();
  const navigate = useNavigate({ from: developersRoute.fullPath });
  const asked = usePage(DevelopersQuery, {
    clients: tab === "clients",
    remotes: tab === "remote",
    deliveries: tab === "deliveries",
    first: PAGE_SIZE,
    after: after ?? null,
    states: tab === "deliveries" ? (state ?? null) : null,
  });
  const paging = { after, onGo: (next: string | undefined) => void navigate({ search: (now) => ({ ...now, after: next }) }) };
  const { data, refresh } = asked;
  return (
    <PageFrame
      title={t`Developers`}
      about={<Trans>For vendors: what you have here, and how administrators see your integrations. Of people nothing stands here, and no organisation by name.</Trans>}
      actions={<CopyAsGraphQL asked={asked} />}
    >
      <Tabs
        label={t`Parts of your desk`}
        tabs={[
          { id: "clients", title: t`Programs`, content: () => <Part asked={asked} lines={4}>{data?.vendorClients && <ClientsPart list={data.vendorClients} refresh={refresh} {...paging} />}</Part> },
          { id: "remote", title: t`Own servers`, content: () => <Part asked={asked} lines={6}>{data?.remoteIntegrations && <RemotePart list={data.remoteIntegrations} refresh={refresh} {...paging} />}</Part> },
          { id: "deliveries", title: t`Deliveries`, content: () => <Part asked={asked} lines={6}>{data?.vendorDeliveries && <DeliveriesPart list={data.vendorDeliveries} refresh={refresh} {...paging} />}</Part> },
          { id: "manifest", title: t`Declaration`, content: () => <ManifestPart /> },
          { id: "report", title: t`Report`, content: () => <ReportPart /> },
        ]}
      />
    </PageFrame>
  );
}
