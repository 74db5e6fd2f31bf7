import { msg } from "@lingui/core/macro";
import { createRoute } from "@tanstack/react-router";
import { Bell } from "lucide-react";
import { organisation } from "../../shell/layout";
import { lazyPage } from "../../shell/lazy_page";
import { flag, oneOf, search, text } from "../../shell/search_schema";

export const TABS = ["told", "choices"] as const;

/** What one was told, and how one is mailed. */
export const noticesRoute = createRoute({
  getParentRoute: () => organisation,
  path: "notices",
  validateSearch: search({ tab: oneOf(TABS), unread: flag(), after: text() }),
  component: lazyPage("notices", () => import("./notices_page")),
  staticData: { title: msg`Notices`, group: "mine", icon: Bell, key: "n" },
});
