import { useLingui } from "@lingui/react/macro";
import type { Asked } from "../../../api/use_page";
import { opened } from "../../../components/opened";
import { Tabs } from "../../../components/tabs";
import { DeclarationFacts, DeclarationWords } from "../declaration";
import { GrantMatrix } from "./grant_matrix";
import type { Installation } from "./installation_page";
import { LedgerTab } from "./ledger_tab";
import type { Available } from "./places_tab";
import { VendorGrants } from "./vendor_grants";
import css from "./installation.module.css";

const DeliveriesTab = opened(() => import("./deliveries_tab"), "DeliveriesTab");
const ObligationsTab = opened(() => import("./obligations_tab"), "ObligationsTab");
const PlacesTab = opened(() => import("./places_tab"), "PlacesTab");

interface Properties {
  installation: Installation;
  asked: Pick<Asked<{ availableIntegrations?: Available[] | undefined }>, "data" | "refresh">;
  mayReadLedger: boolean;
}

export function InstallationTabs({ installation, asked, mayReadLedger }: Properties) {
  const { t } = useLingui();
  return (
    <Tabs
      label={t`About ${installation.name}`}
      tabs={[
        { id: "grants", title: t`What it may get`, content: () => (
            <>
              <GrantMatrix installation={installation} onDone={asked.refresh} />
              <VendorGrants installation={installation} onDone={asked.refresh} />
            </>
          ) },
        { id: "deliveries", title: t`Deliveries`, content: () => <DeliveriesTab installation={installation} onDone={asked.refresh} /> },
        ...(mayReadLedger ? [{ id: "ledger", title: t`What it got`, content: () => <LedgerTab installation={installation} /> } as const] : []),
        { id: "obligations", title: t`What it owes`, content: () => <ObligationsTab installation={installation} /> },
        { id: "places", title: t`Settings`, content: () => <PlacesTab installation={installation} available={asked.data?.availableIntegrations ?? []} onDone={asked.refresh} /> },
        {
          id: "declaration",
          title: t`Declaration`,
          content: () => (
            <div className={css.panel}>
              <DeclarationFacts declaration={installation.declaration} countries={installation.countries} />
              <DeclarationWords declaration={installation.declaration} />
            </div>
          ),
        },
      ]}
    />
  );
}
