import { Trans, useLingui } from "@lingui/react/macro";
import { usePage } from "../../../api/use_page";
import { CopyAsGraphQL } from "../../../components/copy_as_graphql";
import { PageFrame } from "../../../components/page_frame";
import { Empty, Part } from "../../../components/states";
import { UnknownPage } from "../../../shell/unknown_page";
import { useMay, useViewer } from "../../../shell/viewer";
import { AddLink } from "../add_link";
import { installRoute } from "../route";
import { InstallQuery } from "./documents";
import { InstallForm } from "./install_form";

/** Read what it declares, allow what it may get, fill in where it is; then it is connected and checked. */
export default function InstallPage() {
  const { t } = useLingui();
  const { key } = installRoute.useParams();
  const asked = usePage(InstallQuery, {});
  const found = asked.data?.availableIntegrations.find((one) => one.key === key);
  const name = found?.name;
  const viewer = useViewer();
  const managesAll = useMay("INTEGRATIONS_MANAGE");
  if (asked.data && viewer && !managesAll && !asked.data.organisation.settings.membersMayInstall) return <UnknownPage />;
  return (
    <PageFrame title={name ? t`Connect ${name}` : t`Connect a third party`} name={name} actions={<CopyAsGraphQL asked={asked} />}>
      <Part asked={asked} lines={10}>
        {viewer && found?.declaration && !found.failure ? (
          <InstallForm
            key={key}
            integration={found}
            declaration={found.declaration}
            groups={asked.data?.groups.edges.map(({ node }) => node) ?? []}
            onStale={asked.refresh}
          />
        ) : (
          <Empty
            act={
              <AddLink>
                <Trans>See what can be connected</Trans>
              </AddLink>
            }
          >
            {found ? (
              <Trans>
                It can't be connected now: <span data-of-server>{found.failure}</span>
              </Trans>
            ) : (
              <Trans>This deployment offers nothing of that name.</Trans>
            )}
          </Empty>
        )}
      </Part>
    </PageFrame>
  );
}
