import { Trans, useLingui } from "@lingui/react/macro";
import { lazy, Suspense } from "react";
import { usePage } from "../../api/use_page";
import { CopyAsGraphQL } from "../../components/copy_as_graphql";
import { PageFrame } from "../../components/page_frame";
import { Empty, Part, Skeleton } from "../../components/states";
import { Tabs } from "../../components/tabs";
import { MapQuery } from "./documents";
import { FlowTable } from "./flow_table";
import { flowsOf } from "./flows";
import { Matrix } from "./matrix";
import css from "./map.module.css";

/** The mathematics of the flow view come only when somebody looks at it. */
const Sankey = lazy(() => import("./sankey"));

/** Which data of how many people lies with whom, now. */
export default function MapPage() {
  const { t } = useLingui();
  const asked = usePage(MapQuery, {});
  const flows = flowsOf(asked.data?.dataFlows ?? []);
  return (
    <PageFrame
      title={t`Data map`}
      about={<Trans>Which data of how many of your people lies with whom now. A number leads to the deliveries behind it.</Trans>}
      actions={<CopyAsGraphQL asked={asked} />}
    >
      <Part asked={asked} lines={8}>
        {flows.cells.length === 0 ? (
          <Empty>
            <Trans>Nothing has left: no third party holds data of your people. What goes to whom is drawn here once it does.</Trans>
          </Empty>
        ) : (
          <>
            <Tabs
              label={t`Views of the map`}
              tabs={[
                { id: "matrix", title: t`Matrix`, content: () => <Matrix flows={flows} /> },
                {
                  id: "flow",
                  title: t`Flow`,
                  content: () => (
                    <Suspense fallback={<Skeleton lines={8} />}>
                      <Sankey flows={flows} table={<FlowTable flows={flows} />} />
                    </Suspense>
                  ),
                },
              ]}
            />
            {flows.cells.some(({ isSpecial }) => isSpecial) && (
              <p className={css.legend}>
                <span className={css.swatch} aria-hidden />
                <Trans>Hatched: specially protected data</Trans>
              </p>
            )}
          </>
        )}
      </Part>
    </PageFrame>
  );
}
