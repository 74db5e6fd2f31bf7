import { Trans, useLingui } from "@lingui/react/macro";
import { useNavigate } from "@tanstack/react-router";
import { usePage } from "../../../api/use_page";
import { CopyAsGraphQL } from "../../../components/copy_as_graphql";
import { PageFrame } from "../../../components/page_frame";
import { PAGE_SIZE } from "../../../components/paging";
import { Part } from "../../../components/states";
import { Tabs } from "../../../components/tabs";
import { CLIENT_STATES } from "../remote/words";
import { REMOTE_STATES, vendorsRoute } from "../route";
import { ClientsPart } from "./clients_part";
import { VendorsQuery } from "./documents";
import { Filtered } from "./filtered";
import { RemotesPart } from "./remotes_part";

/** Whom of the vendors' programs and servers the provider's operators let in. */
export default function VendorsPage() {
  const { t } = useLingui();
  const { tab = "remote", state, after } = vendorsRoute.useSearch();
  const navigate = useNavigate({ from: vendorsRoute.fullPath });
  const clientStates = CLIENT_STATES.filter((one) => state?.includes(one));
  const asked = usePage(VendorsQuery, {
    remotes: tab === "remote",
    clients: tab === "clients",
    first: PAGE_SIZE,
    after: after ?? null,
    remoteStates: state ?? null,
    clientStates: clientStates.length ? clientStates : null,
  });
  const paging = { after, onGo: (next: string | undefined) => void navigate({ search: (now) => ({ ...now, after: next }) }) };
  const { data, refresh } = asked;
  return (
    <PageFrame
      title={t`Vendors`}
      about={<Trans>What vendors asked for. What you let in, every organisation can choose to use, and each decides by itself what it gives.</Trans>}
      actions={<CopyAsGraphQL asked={asked} />}
    >
      <Tabs
        label={t`What vendors asked for`}
        tabs={[
          { id: "remote", title: t`Integrations`, content: () => <Filtered states={REMOTE_STATES}><Part asked={asked} lines={6}>{data?.remoteIntegrations && <RemotesPart list={data.remoteIntegrations} refresh={refresh} {...paging} />}</Part></Filtered> },
          { id: "clients", title: t`Programs`, content: () => <Filtered states={CLIENT_STATES}><Part asked={asked} lines={6}>{data?.vendorClients && <ClientsPart list={data.vendorClients} refresh={refresh} {...paging} />}</Part></Filtered> },
        ]}
      />
    </PageFrame>
  );
}
