import { Trans, useLingui } from "@lingui/react/macro";
import type { ResultOf } from "../../api/graphql";
import { usePage } from "../../api/use_page";
import { PageFrame } from "../../components/page_frame";
import { Part } from "../../components/states";
import { Tabs } from "../../components/tabs";
import { Activity } from "./activity";
import { Addresses } from "./addresses";
import { Devices } from "./devices";
import { SecurityQuery } from "./documents";
import { Factors } from "./factors";
import { Providers } from "./providers";
import { Recovery } from "./recovery";
import { Settings } from "./settings";
import { Tokens } from "./tokens";

export type OwnViewer = ResultOf<typeof SecurityQuery>["viewer"];
export type OwnAccount = NonNullable<OwnViewer["account"]>;

export default function SecurityPage() {
  const { t } = useLingui();
  const asked = usePage(SecurityQuery, {});
  const account = asked.data?.viewer.account;
  const entry = () => (
    <Part asked={asked} lines={8}>
      {asked.data && !account && <Bound />}
      {account && asked.data && (
        <>
          {account.recovery && <Recovery recovery={account.recovery} refresh={asked.refresh} />}
          <Addresses account={account} viewer={asked.data.viewer} refresh={asked.refresh} />
          <Factors account={account} refresh={asked.refresh} />
          <Providers account={account} refresh={asked.refresh} />
        </>
      )}
    </Part>
  );
  return (
    <PageFrame title={t`Security and settings`} about={<Trans>What opens your account, in every organisation; where it is signed in; and how the console looks.</Trans>}>
      <Tabs
        label={t`Security and settings`}
        tabs={[
          { id: "entry", title: t`Ways in`, content: entry },
          { id: "devices", title: t`Devices`, content: () => <Devices /> },
          { id: "tokens", title: t`Access tokens`, content: () => <Tokens /> },
          { id: "activity", title: t`Activity`, content: () => <Activity /> },
          {
            id: "settings",
            title: t`Settings`,
            content: () => (
              <Part asked={asked} lines={4}>
                <Settings account={account ?? undefined} />
              </Part>
            ),
          },
        ]}
      />
    </PageFrame>
  );
}

function Bound() {
  return (
    <p>
      <Trans>You signed in by your organisation's provider: what opens your account is changed there, or after signing in with your own password.</Trans>
    </p>
  );
}
