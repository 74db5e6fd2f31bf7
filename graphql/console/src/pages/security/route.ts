import { msg } from "@lingui/core/macro";
import { createRoute } from "@tanstack/react-router";
import { KeyRound } from "lucide-react";
import { organisation } from "../../shell/layout";
import { lazyPage } from "../../shell/lazy_page";
import { oneOf, search, text } from "../../shell/search_schema";

export const TABS = ["entry", "devices", "tokens", "activity", "settings"] as const;

/** What opens one's account, where it is signed in, and how the console looks: for everybody who is signed in. */
export const securityRoute = createRoute({
  getParentRoute: () => organisation,
  path: "me/security",
  validateSearch: search({ tab: oneOf(TABS), after: text() }),
  component: lazyPage("security", () => import("./security_page")),
  staticData: { title: msg`Security and settings`, group: "mine", icon: KeyRound, key: "k" },
});
