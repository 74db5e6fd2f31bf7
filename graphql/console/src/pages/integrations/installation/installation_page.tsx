import { Trans, useLingui } from "@lingui/react/macro";
import { Pause, Play, Trash2 } from "lucide-react";
import { useState } from "react";
import { usePage } from "../../../api/use_page";
import { ActFailures } from "../../../components/act_failures";
import type { ResultOf } from "../../../api/graphql";
import { Badge } from "../../../components/badge";
import { Button } from "../../../components/button";
import { CopyAsGraphQL } from "../../../components/copy_as_graphql";
import { opened } from "../../../components/opened";
import { PageFrame } from "../../../components/page_frame";
import { PAGE_SIZE } from "../../../components/paging";
import { Part } from "../../../components/states";
import { UnknownPage } from "../../../shell/unknown_page";
import { useMay } from "../../../shell/viewer";
import { useManages } from "../authority";
import { installationRoute } from "../route";
import { usePausing } from "../use_pausing";
import { ENDING, PAUSABLE, STATE_NAMES, STATE_TONES } from "../words";
import { Connection } from "./connection";
import { InstallationQuery } from "./documents";
import { InstallationTabs } from "./installation_tabs";
import { Live } from "./live";
import { Summary } from "./summary";
import { Tombstone } from "./tombstone";
import { Widening } from "./widening";
import css from "./installation.module.css";

const UninstallDialog = opened(() => import("../uninstall_dialog"), "UninstallDialog");

type Node = NonNullable<ResultOf<typeof InstallationQuery>["node"]>;
export type Installation = Extract<Node, { integrationKey: string }>;

/** One third party: what it may get, what it got, what it owes, where it is. */
export default function InstallationPage() {
  const { t, i18n } = useLingui();
  const { id } = installationRoute.useParams();
  const { tab = "grants", category, state: states, after } = installationRoute.useSearch();
  const [isLeaving, setIsLeaving] = useState(false);
  const manages = useManages();
  const mayReadLedger = useMay("LEDGER_READ");
  const asked = usePage(InstallationQuery, {
    id,
    ledger: tab === "ledger",
    obligations: tab === "obligations",
    places: tab === "places",
    deliveries: tab === "deliveries",
    states: tab === "deliveries" ? (states ?? null) : null,
    first: PAGE_SIZE,
    after: after ?? null,
    category: tab === "ledger" ? (category ?? null) : null,
  });
  const pausing = usePausing(asked.refresh);
  const node = asked.data?.node;
  const installation = node && "integrationKey" in node ? (node as Installation) : undefined;
  if (asked.data && !installation) return <UnknownPage />;
  const state = installation?.state;
  return (
    <PageFrame
      title={installation?.name ?? t`Third party`}
      name={installation?.name}
      actions={
        <>
          <CopyAsGraphQL asked={asked} />
          {installation && manages(installation) && state && !ENDING.has(state) && (
            <>
              {PAUSABLE.has(state) && (
                <Button onPress={() => void pausing.pause(installation)}>
                  <Pause aria-hidden />
                  <Trans>Pause</Trans>
                </Button>
              )}
              {state === "PAUSED" && (
                <Button kind="main" onPress={() => void pausing.resume(installation)}>
                  <Play aria-hidden />
                  <Trans>Resume</Trans>
                </Button>
              )}
              <Button onPress={() => setIsLeaving(true)}>
                <Trash2 aria-hidden />
                <Trans>Uninstall …</Trans>
              </Button>
            </>
          )}
        </>
      }
    >
      <ActFailures commands={pausing.commands} />
      <Part asked={asked} lines={10}>
        {installation && (
          <>
            <div className={css.state}>
              <Badge tone={STATE_TONES[installation.state]}>{i18n._(STATE_NAMES[installation.state])}</Badge>
              {installation.problem && <span data-of-server>{installation.problem}</span>}
            </div>
            <Live installation={installation} onChange={asked.refresh} />
            {installation.pendingDeclaration && <Widening installation={installation} pending={installation.pendingDeclaration} onDone={asked.refresh} />}
            {installation.authorisation && <Connection installation={installation} authorisation={installation.authorisation} onDone={asked.refresh} />}
            <Summary installation={installation} />
            <Tombstone installation={installation} />
            <InstallationTabs installation={installation} asked={asked} mayReadLedger={mayReadLedger} />
          </>
        )}
      </Part>
      {isLeaving && installation && <UninstallDialog installation={installation} onDone={asked.refresh} onClose={() => setIsLeaving(false)} />}
    </PageFrame>
  );
}
