import { msg } from "@lingui/core/macro";
import { createRoute } from "@tanstack/react-router";
import { FolderSync } from "lucide-react";
import { organisation } from "../../shell/layout";
import { lazyPage } from "../../shell/lazy_page";
import { oneOf, search, text } from "../../shell/search_schema";
import { may } from "../../shell/viewer";

export const TABS = ["tokens", "refused", "groups"] as const;

/** The organisation's directory: its tokens, what it was refused, and the groups that it decides on. */
export const provisioningRoute = createRoute({
  getParentRoute: () => organisation,
  path: "provisioning",
  validateSearch: search({ tab: oneOf(TABS), after: text() }),
  component: lazyPage("provisioning", () => import("./provisioning_page")),
  staticData: { title: msg`Provisioning`, group: "organisation", icon: FolderSync, key: "e", allows: may("PROVISIONING_READ") },
});
