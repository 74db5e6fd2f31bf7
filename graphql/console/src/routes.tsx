/** The routes: a page is here, or it is not. Navigation, palette, permissions and tests follow from this list. */

import { createRoute, createRouter } from "@tanstack/react-router";
import { PageSkeleton } from "./components/states";
import { auditRoute } from "./pages/audit/route";
import { disputesRoute } from "./pages/disputes/route";
import { accountClaimsRoute, domainRoute, domainsRoute } from "./pages/domains/route";
import { homeRoute } from "./pages/home/route";
import { catalogueRoute, developersRoute, installationRoute, installRoute, integrationsRoute, ledgerRoute, obligationsRoute, ownRoute, vendorsRoute } from "./pages/integrations/route";
import { mapRoute } from "./pages/map/route";
import { groupRoute, groupsRoute } from "./pages/groups/route";
import { importRoute } from "./pages/import/route";
import { invitationsRoute } from "./pages/invitations/route";
import { memberRoute } from "./pages/member/route";
import { membersRoute } from "./pages/members/route";
import { noticesRoute } from "./pages/notices/route";
import { provisioningRoute } from "./pages/provisioning/route";
import { settingsRoute } from "./pages/settings/route";
import { providerRoute, signInRoute } from "./pages/sign_in/route";
import { askingRoute } from "./pages/asking/route";
import { certificateRoute } from "./pages/certificate/route";
import { choicesRoute } from "./pages/choices/route";
import { myDataRoute } from "./pages/me/route";
import { myRequestRoute, myRequestsRoute } from "./pages/my_requests/route";
import { securityRoute } from "./pages/security/route";
import { approvalsRoute } from "./pages/approvals/route";
import { privacyRoute } from "./pages/privacy/route";
import { recoveriesRoute } from "./pages/recoveries/route";
import { tasksRoute } from "./pages/tasks/route";
import { requestRoute } from "./pages/request/route";
import { requestsRoute } from "./pages/requests/route";
import { parseSearch, stringifySearch } from "./shell/search";
import { frame, organisation, root } from "./shell/layout";
import { UnknownPage } from "./shell/unknown_page";

const ofOrganisations = [
  homeRoute,
  membersRoute,
  integrationsRoute,
  ownRoute,
  catalogueRoute,
  installRoute,
  installationRoute,
  mapRoute,
  ledgerRoute,
  obligationsRoute,
  domainsRoute,
  accountClaimsRoute,
  domainRoute,
  provisioningRoute,
  signInRoute,
  providerRoute,
  settingsRoute,
  auditRoute,
  noticesRoute,
  memberRoute,
  groupsRoute,
  groupRoute,
  invitationsRoute,
  importRoute,
  myDataRoute,
  askingRoute,
  myRequestsRoute,
  myRequestRoute,
  choicesRoute,
  securityRoute,
  requestsRoute,
  requestRoute,
  tasksRoute,
  approvalsRoute,
  recoveriesRoute,
] as const;

const ofNone = [privacyRoute, disputesRoute, vendorsRoute, developersRoute] as const;

// An address that is nothing has header and navigation too: it must not look otherwise than what is not this person's to see.
const unknownThere = createRoute({ getParentRoute: () => organisation, path: "$", component: UnknownPage });
const unknown = createRoute({ getParentRoute: () => frame, path: "$", component: UnknownPage });

const tree = root.addChildren([frame.addChildren([organisation.addChildren([...ofOrganisations, unknownThere]), ...ofNone, unknown]), certificateRoute]);

export const router = createRouter({
  routeTree: tree,
  basepath: "/console",
  // Loading a page ahead would record looks that nobody took.
  defaultPreload: false,
  // What a slow line takes longer than this to bring, is told to come; till then the page before stays.
  defaultPendingComponent: PageSkeleton,
  defaultPendingMs: 200,
  defaultPendingMinMs: 0,
  scrollRestoration: true,
  parseSearch,
  stringifySearch,
});

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}
