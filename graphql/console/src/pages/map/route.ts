import { msg } from "@lingui/core/macro";
import { createRoute } from "@tanstack/react-router";
import { Waypoints } from "lucide-react";
import { organisation } from "../../shell/layout";
import { lazyPage } from "../../shell/lazy_page";
import { oneOf, search } from "../../shell/search_schema";
import { may } from "../../shell/viewer";

export const VIEWS = ["matrix", "flow"] as const;

/** Which data of how many people lies with whom. */
export const mapRoute = createRoute({
  getParentRoute: () => organisation,
  path: "map",
  validateSearch: search({ tab: oneOf(VIEWS) }),
  component: lazyPage("map", () => import("./map_page")),
  staticData: { title: msg`Data map`, group: "data", icon: Waypoints, key: "f", allows: may("LEDGER_READ") },
});
