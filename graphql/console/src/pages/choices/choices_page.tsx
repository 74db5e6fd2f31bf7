import { Trans, useLingui } from "@lingui/react/macro";
import { usePage } from "../../api/use_page";
import { PageFrame } from "../../components/page_frame";
import { Part } from "../../components/states";
import { Tabs } from "../../components/tabs";
import { ChoicesQuery } from "./documents";
import { Groups } from "./groups";
import { Leaving } from "./leaving";
import { Mail } from "./mail";
import { Uses } from "./uses";

export default function ChoicesPage() {
  const { t } = useLingui();
  const asked = usePage(ChoicesQuery, {});
  return (
    <PageFrame title={t`Choices`} about={<Trans>What you decide alone: it takes effect at once, and you need not say why.</Trans>}>
      <Tabs
        label={t`Choices`}
        tabs={[
          {
            id: "uses",
            title: t`Uses of my data`,
            content: () => (
              <Part asked={asked} lines={6}>
                {asked.data && <Uses mine={asked.data} refresh={asked.refresh} />}
              </Part>
            ),
          },
          { id: "mail", title: t`Mail`, content: () => <Mail /> },
          { id: "groups", title: t`Groups`, content: () => <Groups /> },
          { id: "leaving", title: t`Account and leaving`, content: () => <Leaving /> },
        ]}
      />
    </PageFrame>
  );
}
