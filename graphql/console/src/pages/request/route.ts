import { msg } from "@lingui/core/macro";
import { createRoute } from "@tanstack/react-router";
import { organisation } from "../../shell/layout";
import { lazyPage } from "../../shell/lazy_page";
import { may } from "../../shell/viewer";

/** One request: for who decides on it, reads it, or carries it out as the provider's privacy team. */
export const requestRoute = createRoute({
  getParentRoute: () => organisation,
  path: "requests/$id",
  component: lazyPage("request", () => import("./request_page")),
  staticData: { title: msg`Request`, shows: "DataRequest", allows: may("REQUESTS_READ", "REQUESTS_DECIDE_ESCALATED") },
});
