import { msg } from "@lingui/core/macro";
import { createRoute } from "@tanstack/react-router";
import { UsersRound } from "lucide-react";
import { organisation } from "../../shell/layout";
import { lazyPage } from "../../shell/lazy_page";
import { flag, oneOf, search, text } from "../../shell/search_schema";
import { seesMembers } from "../../shell/viewer";

export const TABS = ["people", "posts", "files", "rule"] as const;

/** The groups that one sees: all, or one's own. */
export const groupsRoute = createRoute({
  getParentRoute: () => organisation,
  path: "groups",
  validateSearch: search({ q: text(), archived: flag(), after: text() }),
  component: lazyPage("groups", () => import("./groups_page")),
  staticData: { title: msg`Groups`, group: "people", icon: UsersRound, key: "u", allows: seesMembers },
});

/** One group: who is in it, and what they shared. */
export const groupRoute = createRoute({
  getParentRoute: () => organisation,
  path: "groups/$id",
  validateSearch: search({ tab: oneOf(TABS), past: flag(), after: text() }),
  component: lazyPage("groups", () => import("./group_page")),
  staticData: { title: msg`Group`, shows: "Group", allows: seesMembers },
});
