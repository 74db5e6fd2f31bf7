import { msg } from "@lingui/core/macro";
import { createRoute } from "@tanstack/react-router";
import { UserRoundSearch } from "lucide-react";
import { organisation } from "../../shell/layout";
import { lazyPage } from "../../shell/lazy_page";
import { oneOf, search, text } from "../../shell/search_schema";
import { isKnown } from "../../shell/viewer";

export const TABS = ["recipients", "held", "looks", "content"] as const;

/** What is held on whoever looks, who received it, and who looked at it. */
export const myDataRoute = createRoute({
  getParentRoute: () => organisation,
  path: "me",
  validateSearch: search({ tab: oneOf(TABS), data: text(), q: text(), as: oneOf(["plot", "table"]), after: text() }),
  component: lazyPage("me", () => import("./my_data_page")),
  staticData: { title: msg`My data`, group: "mine", icon: UserRoundSearch, key: "y", allows: isKnown },
});
