import { msg } from "@lingui/core/macro";
import { createRoute } from "@tanstack/react-router";
import { Users } from "lucide-react";
import { organisation } from "../../shell/layout";
import { lazyPage } from "../../shell/lazy_page";
import { oneOf, search, someOf, text } from "../../shell/search_schema";
import { seesMembers } from "../../shell/viewer";
import { ORDERS, ROLES, STATES } from "../../words/members";

/** The members of an organisation, as far as one sees them. */
export const membersRoute = createRoute({
  getParentRoute: () => organisation,
  path: "members",
  validateSearch: search({
    q: text(),
    state: someOf(STATES),
    role: oneOf(ROLES),
    group: text(),
    order: oneOf(ORDERS),
    after: text(),
  }),
  component: lazyPage("members", () => import("./members_page")),
  staticData: { title: msg`Members`, group: "people", icon: Users, key: "m", allows: seesMembers },
});
