import { msg } from "@lingui/core/macro";
import { createRoute } from "@tanstack/react-router";
import { organisation } from "../../shell/layout";
import { lazyPage } from "../../shell/lazy_page";
import { oneOf, search, text } from "../../shell/search_schema";
import { seesMembers } from "../../shell/viewer";

export const TABS = ["profile", "holdings", "activity", "looks"] as const;

/** One member, as far as one sees him or her. */
export const memberRoute = createRoute({
  getParentRoute: () => organisation,
  path: "members/$id",
  validateSearch: search({ tab: oneOf(TABS), after: text() }),
  component: lazyPage("member", () => import("./member_page")),
  staticData: { title: msg`Member`, shows: "Member", allows: seesMembers },
});
