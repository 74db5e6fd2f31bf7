import { Trans, useLingui } from "@lingui/react/macro";
import { usePage } from "../../api/use_page";
import { CopyAsGraphQL } from "../../components/copy_as_graphql";
import { PageFrame } from "../../components/page_frame";
import { Empty, Part } from "../../components/states";
import { useMay } from "../../shell/viewer";
import { DomainQuery } from "./documents";
import { DomainActs } from "./domain_acts";
import { GroupingPart } from "./grouping_part";
import { PolicyPart } from "./policy_part";
import { domainRoute } from "./route";
import { StatePart } from "./state_part";
import { OVER } from "./words";

export default function DomainPage() {
  const { t } = useLingui();
  const { id } = domainRoute.useParams();
  const mayManage = useMay("DOMAINS_MANAGE");
  const asked = usePage(DomainQuery, { id });
  const domain = asked.data?.domain;
  return (
    <PageFrame
      title={domain?.displayName ?? t`Domain`}
      name={domain?.displayName}
      actions={
        <>
          <CopyAsGraphQL asked={asked} />
          {domain && mayManage && !OVER.has(domain.state) && <DomainActs domain={domain} refresh={asked.refresh} />}
        </>
      }
    >
      <Part asked={asked} lines={10}>
        {domain ? (
          <>
            <StatePart domain={domain} mayManage={mayManage} refresh={asked.refresh} />
            {!OVER.has(domain.state) && domain.state !== "PENDING" && (
              <>
                <PolicyPart key={domain.policy?.changedAt} domain={domain} mayManage={mayManage} refresh={asked.refresh} />
                <GroupingPart domain={domain} mayManage={mayManage} refresh={asked.refresh} />
              </>
            )}
          </>
        ) : (
          <Empty>
            <Trans>There is no such domain, or it is not yours to see.</Trans>
          </Empty>
        )}
      </Part>
    </PageFrame>
  );
}
