import { msg } from "@lingui/core/macro";
import { createRoute } from "@tanstack/react-router";
import { Settings } from "lucide-react";
import { organisation } from "../../shell/layout";
import { lazyPage } from "../../shell/lazy_page";
import { oneOf, search, text } from "../../shell/search_schema";
import { may } from "../../shell/viewer";

export const TABS = ["rules", "ownership", "mergers"] as const;

/** What the organisation decides for itself, who owns it, and its end. */
export const settingsRoute = createRoute({
  getParentRoute: () => organisation,
  path: "settings",
  validateSearch: search({ tab: oneOf(TABS), after: text() }),
  component: lazyPage("settings", () => import("./settings_page")),
  staticData: { title: msg`Settings`, group: "organisation", icon: Settings, key: "s", allows: may("ORGANISATION_READ") },
});
