import { msg } from "@lingui/core/macro";
import { createRoute } from "@tanstack/react-router";
import { Cable, Code, Handshake, ListChecks, Plug, ScrollText } from "lucide-react";
import { frame, organisation } from "../../shell/layout";
import { lazyPage } from "../../shell/lazy_page";
import { flag, oneOf, search, someOf, text } from "../../shell/search_schema";
import { isMember, isOperator, isVendor, may, type Viewer } from "../../shell/viewer";
import { OBLIGATION_STATES } from "../../words/obligations";

const FAMILY = "integrations";

const managesAll = may("INTEGRATIONS_MANAGE");

/** Members connect for their own data, where the organisation lets them. */
const mayConnect = (viewer: Viewer) => managesAll(viewer) || isMember(viewer);

/** Who gets what of whom. */
export const integrationsRoute = createRoute({
  getParentRoute: () => organisation,
  path: "integrations",
  validateSearch: search({ removed: flag(), after: text() }),
  component: lazyPage(FAMILY, () => import("./list/integrations_page")),
  staticData: { title: msg`Third parties`, group: "data", icon: Plug, key: "i", allows: may("INTEGRATIONS_READ") },
});

/** What a member has connected for the own data; who manages all finds it among all. */
export const ownRoute = createRoute({
  getParentRoute: () => organisation,
  path: "me/connections",
  validateSearch: search({ after: text() }),
  component: lazyPage(FAMILY, () => import("./own/own_page")),
  staticData: { title: msg`My connections`, group: "mine", icon: Cable, key: "j", allows: (viewer) => isMember(viewer) && !managesAll(viewer) },
});

/** What could be connected. */
export const catalogueRoute = createRoute({
  getParentRoute: () => organisation,
  path: "integrations/add",
  component: lazyPage(FAMILY, () => import("./install/catalogue_page")),
  staticData: { title: msg`Connect a third party`, allows: mayConnect },
});

/** From the declaration to the connection. */
export const installRoute = createRoute({
  getParentRoute: () => organisation,
  path: "integrations/add/$key",
  component: lazyPage(FAMILY, () => import("./install/install_page")),
  staticData: { title: msg`Connect a third party`, allows: mayConnect },
});

export const TABS = ["grants", "deliveries", "ledger", "obligations", "places", "declaration"] as const;

/** One third party, as it is connected here. */
export const installationRoute = createRoute({
  getParentRoute: () => organisation,
  path: "integrations/$id",
  validateSearch: search({ tab: oneOf(TABS), category: text(), state: someOf(OBLIGATION_STATES), after: text() }),
  component: lazyPage(FAMILY, () => import("./installation/installation_page")),
  staticData: { title: msg`Third party`, allows: (viewer) => may("INTEGRATIONS_READ")(viewer) || isMember(viewer), shows: "Installation" },
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

export const DESK = ["clients", "remote", "deliveries", "manifest", "report"] as const;

/** The desk of vendors, who belong to no organisation. */
export const developersRoute = createRoute({
  getParentRoute: () => frame,
  path: "developers",
  validateSearch: search({ tab: oneOf(DESK), state: someOf(OBLIGATION_STATES), after: text() }),
  component: lazyPage(FAMILY, () => import("./developers/developers_page")),
  staticData: { title: msg`Developers`, group: "provider", icon: Code, key: "z", allows: isVendor },
});

export const LETTING_IN = ["remote", "clients"] as const;
export const REMOTE_STATES = ["CHECKING", "REQUESTED", "ACTIVE", "DISABLED", "SUSPENDED", "ENDED"] as const;

/** What vendors asked for, which the provider's operators let in, suspend and end. */
export const vendorsRoute = createRoute({
  getParentRoute: () => frame,
  path: "vendors",
  validateSearch: search({ tab: oneOf(LETTING_IN), state: someOf(REMOTE_STATES), after: text() }),
  component: lazyPage(FAMILY, () => import("./vendors/vendors_page")),
  staticData: { title: msg`Vendors`, group: "provider", icon: Handshake, key: "x", allows: isOperator },
});
