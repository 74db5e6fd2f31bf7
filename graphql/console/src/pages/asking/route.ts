import { msg } from "@lingui/core/macro";
import { createRoute } from "@tanstack/react-router";
import { organisation } from "../../shell/layout";
import { lazyPage } from "../../shell/lazy_page";
import { oneOf, search } from "../../shell/search_schema";
import { isOneself } from "../../shell/viewer";
import { ASKED } from "./rights";

/** Ask for a copy, a correction, a deletion and more. */
export const askingRoute = createRoute({
  getParentRoute: () => organisation,
  path: "me/ask",
  validateSearch: search({ kind: oneOf(ASKED) }),
  component: lazyPage("asking", () => import("./asking_page")),
  staticData: { title: msg`Ask about my data`, allows: isOneself },
});
