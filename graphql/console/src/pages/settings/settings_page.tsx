import { useLingui } from "@lingui/react/macro";
import { useNavigate } from "@tanstack/react-router";
import { usePage } from "../../api/use_page";
import { CopyAsGraphQL } from "../../components/copy_as_graphql";
import { PageFrame } from "../../components/page_frame";
import { PAGE_SIZE, Paging } from "../../components/paging";
import { Part } from "../../components/states";
import { Tabs } from "../../components/tabs";
import { useMay, useViewer } from "../../shell/viewer";
import { SettingsQuery } from "./documents";
import { EndPart } from "./end_part";
import { LeavingPart } from "./leaving_part";
import { MergersPart } from "./mergers_part";
import { OwnershipPart } from "./ownership_part";
import { settingsRoute } from "./route";
import { RulesPart } from "./rules_part";

export default function SettingsPage() {
  const { t } = useLingui();
  const { tab = "rules", after } = settingsRoute.useSearch();
  const navigate = useNavigate({ from: settingsRoute.fullPath });
  const mayMergers = useMay("AUDIT_READ");
  const isOwner = useMay("OWNERSHIP_TRANSFER");
  const isMember = Boolean(useViewer()?.member);
  const asked = usePage(SettingsQuery, { first: PAGE_SIZE, after: after ?? null, mergers: tab === "mergers" });
  const { data, refresh } = asked;
  const organisation = data?.organisation;
  const hasOffer = Boolean(organisation?.ownershipTransfer);
  const tabs = [
    {
      id: "rules" as const,
      title: t`Rules`,
      content: () => <Part asked={asked} lines={8}>{organisation && <RulesPart key={JSON.stringify(organisation.settings) + organisation.name} organisation={organisation} refresh={refresh} />}</Part>,
    },
    {
      id: "ownership" as const,
      title: t`Ownership and end`,
      isThere: isOwner || hasOffer,
      content: () => (
        <Part asked={asked} lines={8}>
          {organisation && (
            <>
              {isMember && <OwnershipPart organisation={organisation} isOwner={isOwner} refresh={refresh} />}
              {isOwner && <EndPart organisation={organisation} refresh={refresh} />}
            </>
          )}
        </Part>
      ),
    },
    {
      id: "mergers" as const,
      title: t`Mergers`,
      isThere: mayMergers,
      content: () => (
        <Part asked={asked} lines={8}>
          {organisation && data?.mergers && (
            <>
              <MergersPart organisation={organisation} mergers={data.mergers.edges.map(({ node }) => node)} isOwner={isOwner} refresh={refresh} />
              <Paging page={data.mergers.pageInfo} after={after} onGo={(next) => void navigate({ search: (now) => ({ ...now, after: next }) })} />
            </>
          )}
        </Part>
      ),
    },
  ];
  return (
    <PageFrame title={t`Settings`} actions={<CopyAsGraphQL asked={asked} />}>
      {organisation?.state === "leaving" && <LeavingPart organisation={organisation} isOwner={isOwner} refresh={refresh} />}
      <Tabs label={t`Parts of the settings`} tabs={tabs.filter(({ isThere = true }) => isThere)} />
    </PageFrame>
  );
}
