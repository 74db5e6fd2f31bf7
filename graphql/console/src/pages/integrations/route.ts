import { msg } from "@lingui/core/macro";
import { createRoute } from "@tanstack/react-router";
import { ListChecks, Plug, ScrollText } from "lucide-react";
import { organisation } from "../../shell/layout";
import { lazyPage } from "../../shell/lazy_page";
import { flag, oneOf, search, someOf, text } from "../../shell/search_schema";
import { may } from "../../shell/viewer";
import { OBLIGATION_STATES } from "../../words/obligations";

const FAMILY = "integrations";

/** Who gets what of whom. */
export const integrationsRoute = createRoute({
  getParentRoute: () => organisation,
  path: "integrations",
  validateSearch: search({ removed: flag(), after: text() }),
  component: lazyPage(FAMILY, () => import("./list/integrations_page")),
  staticData: { title: msg`Third parties`, group: "data", icon: Plug, key: "i", allows: may("INTEGRATIONS_READ") },
});

/** What could be connected. */
export const catalogueRoute = createRoute({
  getParentRoute: () => organisation,
  path: "integrations/add",
  component: lazyPage(FAMILY, () => import("./install/catalogue_page")),
  staticData: { title: msg`Connect a third party`, allows: may("INTEGRATIONS_MANAGE") },
});

/** From the declaration to the connection. */
export const installRoute = createRoute({
  getParentRoute: () => organisation,
  path: "integrations/add/$key",
  component: lazyPage(FAMILY, () => import("./install/install_page")),
  staticData: { title: msg`Connect a third party`, allows: may("INTEGRATIONS_MANAGE") },
});

export const TABS = ["grants", "ledger", "obligations", "places", "declaration"] as const;

/** One third party, as it is connected here. */
export const installationRoute = createRoute({
  getParentRoute: () => organisation,
  path: "integrations/$id",
  validateSearch: search({ tab: oneOf(TABS), category: text(), after: text() }),
  component: lazyPage(FAMILY, () => import("./installation/installation_page")),
  staticData: { title: msg`Third party`, allows: may("INTEGRATIONS_READ"), shows: "Installation" },
});

/** Every delivery of data. */
export const ledgerRoute = createRoute({
  getParentRoute: () => organisation,
  path: "ledger",
  validateSearch: search({ installation: text(), member: text(), after: text() }),
  component: lazyPage(FAMILY, () => import("./ledger/ledger_page")),
  staticData: { title: msg`Disclosures`, group: "data", icon: ScrollText, key: "l", allows: may("LEDGER_READ") },
});

/** What third parties owe, and how it was proven. */
export const obligationsRoute = createRoute({
  getParentRoute: () => organisation,
  path: "obligations",
  validateSearch: search({ installation: text(), state: someOf(OBLIGATION_STATES), row: text(), after: text() }),
  component: lazyPage(FAMILY, () => import("./obligations/obligations_page")),
  staticData: { title: msg`Obligations`, group: "data", icon: ListChecks, key: "o", allows: may("INTEGRATIONS_READ") },
});
