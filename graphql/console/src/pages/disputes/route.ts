import { msg } from "@lingui/core/macro";
import { createRoute } from "@tanstack/react-router";
import { Gavel } from "lucide-react";
import { frame } from "../../shell/layout";
import { lazyPage } from "../../shell/lazy_page";
import { search, text } from "../../shell/search_schema";
import { isOperator } from "../../shell/viewer";

/** Domains that two organisations have proven, which the provider's operators decide. */
export const disputesRoute = createRoute({
  getParentRoute: () => frame,
  path: "disputes",
  validateSearch: search({ after: text() }),
  component: lazyPage("disputes", () => import("./disputes_page")),
  staticData: { title: msg`Disputes of domains`, group: "provider", icon: Gavel, key: "b", allows: isOperator },
});
