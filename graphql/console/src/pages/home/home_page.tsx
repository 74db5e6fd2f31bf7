import { msg } from "@lingui/core/macro";
import { useLingui } from "@lingui/react/macro";
import { useNavigate } from "@tanstack/react-router";
import { usePage } from "../../api/use_page";
import { CopyAsGraphQL } from "../../components/copy_as_graphql";
import { PageFrame } from "../../components/page_frame";
import { Part } from "../../components/states";
import { useKey } from "../../shell/keys";
import { useMay, useViewer } from "../../shell/viewer";
import { Concerns } from "./concerns";
import { DeadlinesPart } from "./deadlines_part";
import { HomeQuery } from "./documents";
import { homeRoute } from "./route";
import { nextPage } from "./next";
import { ObligationsPart } from "./obligations_part";
import { OwnPart } from "./own_part";
import { SetUpPart } from "./set_up_part";
import { WaitingPart } from "./waiting_part";

/** What waits, by due date; how third parties keep what they owe; what is not set up yet. */
export default function HomePage() {
  const { t } = useLingui();
  const { organisation: slug } = homeRoute.useParams();
  const navigate = useNavigate();
  const asked = usePage(HomeQuery, {});
  const acts = useMay("REQUESTS_DECIDE", "TASKS_COMPLETE", "ORGANISATION_UPDATE");
  const { data } = asked;
  const me = useViewer()?.member?.id;
  const next = data && nextPage(data, me);
  useKey("n", msg`Open what waits next`, () => void navigate({ to: `/o/${slug}/${next ?? ""}` as string }), next !== undefined);
  return (
    <PageFrame title={data?.organisation.name ?? t`Home`} name={data?.organisation.name} actions={<CopyAsGraphQL asked={asked} />}>
      <Part asked={asked} lines={10}>
        {data && (
          <>
            <Concerns organisation={data.organisation} />
            {data.overview.setUp && <SetUpPart steps={data.overview.setUp} />}
            {acts && <WaitingPart waiting={data.overview.waiting} />}
            <DeadlinesPart requests={data.requests.edges.map(({ node }) => node)} tasks={data.manualTasks.edges.map(({ node }) => node)} />
            {data.overview.obligations && <ObligationsPart owed={data.overview.obligations} />}
            {!acts && <OwnPart />}
          </>
        )}
      </Part>
    </PageFrame>
  );
}
