import { msg } from "@lingui/core/macro";
import { Trans, useLingui } from "@lingui/react/macro";
import { useNavigate } from "@tanstack/react-router";
import { Plus } from "lucide-react";
import { useState } from "react";
import { usePage } from "../../api/use_page";
import { Button } from "../../components/button";
import { CopyAsGraphQL } from "../../components/copy_as_graphql";
import { opened } from "../../components/opened";
import { PageFrame } from "../../components/page_frame";
import { PAGE_SIZE } from "../../components/paging";
import { Part } from "../../components/states";
import { Tabs } from "../../components/tabs";
import { useKey } from "../../shell/keys";
import { useMay } from "../../shell/viewer";
import { ProvisioningQuery } from "./documents";
import { GroupsPart } from "./groups_part";
import { RefusedPart } from "./refused_part";
import { provisioningRoute } from "./route";
import { TokensPart } from "./tokens_part";

const TokenDialog = opened(() => import("./token_dialog"), "TokenDialog");

export default function ProvisioningPage() {
  const { t } = useLingui();
  const { tab = "tokens", after } = provisioningRoute.useSearch();
  const navigate = useNavigate({ from: provisioningRoute.fullPath });
  const [isMaking, setIsMaking] = useState(false);
  const mayManage = useMay("PROVISIONING_MANAGE");
  useKey("c", msg`Make a token for the directory`, () => setIsMaking(true), mayManage);
  const asked = usePage(ProvisioningQuery, {
    first: PAGE_SIZE,
    after: after ?? null,
    tokens: tab === "tokens",
    refused: tab === "refused",
    groups: tab === "groups",
  });
  const { data, refresh } = asked;
  const go = (next: string | undefined) => void navigate({ search: (now) => ({ ...now, after: next }) });
  const paging = { after, onGo: go };
  return (
    <PageFrame
      title={t`Provisioning`}
      about={<Trans>Your directory (Microsoft Entra, Okta, or another that speaks SCIM) adds people here, keeps their profiles up, and takes them out when they leave. It gives no role and erases nothing.</Trans>}
      actions={
        <>
          <CopyAsGraphQL asked={asked} />
          {mayManage && (
            <Button kind="main" onPress={() => setIsMaking(true)}>
              <Plus aria-hidden />
              <Trans>Make a token</Trans>
            </Button>
          )}
        </>
      }
    >
      <Tabs
        label={t`Parts of provisioning`}
        tabs={[
          { id: "tokens", title: t`Tokens`, content: () => <Part asked={asked} lines={4}>{data?.provisioningTokens && <TokensPart list={data.provisioningTokens} mayManage={mayManage} refresh={refresh} {...paging} />}</Part> },
          { id: "refused", title: t`What was refused`, content: () => <Part asked={asked} lines={4}>{data?.provisioningFailures && <RefusedPart list={data.provisioningFailures} {...paging} />}</Part> },
          { id: "groups", title: t`Groups`, content: () => <Part asked={asked} lines={4}>{data?.groups && <GroupsPart list={data.groups} mayManage={mayManage} refresh={refresh} {...paging} />}</Part> },
        ]}
      />
      {isMaking && <TokenDialog onClose={() => setIsMaking(false)} onMade={refresh} />}
    </PageFrame>
  );
}
