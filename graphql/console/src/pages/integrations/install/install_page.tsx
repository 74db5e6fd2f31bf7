import { Trans, useLingui } from "@lingui/react/macro";
import { usePage } from "../../../api/use_page";
import { CopyAsGraphQL } from "../../../components/copy_as_graphql";
import { PageFrame } from "../../../components/page_frame";
import { Empty, Part } from "../../../components/states";
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
  return (
    <PageFrame title={name ? t`Connect ${name}` : t`Connect a third party`} actions={<CopyAsGraphQL asked={asked} />}>
      <Part asked={asked} lines={10}>
        {found?.declaration && !found.failure ? (
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
