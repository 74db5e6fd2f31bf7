import { Trans } from "@lingui/react/macro";
import { useLingui } from "@lingui/react/macro";
import { usePage } from "../../api/use_page";
import { PageFrame } from "../../components/page_frame";
import { Part } from "../../components/states";
import { HomeQuery } from "./documents";

/** Who one is here. */
export default function HomePage() {
  const { t } = useLingui();
  const asked = usePage(HomeQuery, {});
  const name = asked.data?.organisation.name;
  return (
    <PageFrame title={name ?? t`Home`}>
      <Part asked={asked} lines={2}>
        <p>
          <Trans>Choose a page, or press Ctrl K and type where to go.</Trans>
        </p>
      </Part>
    </PageFrame>
  );
}
