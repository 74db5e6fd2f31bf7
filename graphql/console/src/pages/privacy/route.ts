import { msg } from "@lingui/core/macro";
import { createRoute } from "@tanstack/react-router";
import { Scale } from "lucide-react";
import { frame } from "../../shell/layout";
import { lazyPage } from "../../shell/lazy_page";
import { search, text } from "../../shell/search_schema";
import { isPrivacyTeam } from "../../shell/viewer";

/** What the provider's privacy team decides, in every organisation. */
export const privacyRoute = createRoute({
  getParentRoute: () => frame,
  path: "privacy",
  validateSearch: search({ after: text() }),
  component: lazyPage("privacy", () => import("./privacy_page")),
  staticData: { title: msg`Privacy team`, group: "provider", icon: Scale, key: "p", allows: isPrivacyTeam },
});
