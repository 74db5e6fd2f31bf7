import { msg } from "@lingui/core/macro";
import { createRoute } from "@tanstack/react-router";
import { root } from "../../shell/layout";
import { lazyPage } from "../../shell/lazy_page";

/** Check a certificate, for anybody who has one: the account may be gone, so that nobody signs in for it. */
export const certificateRoute = createRoute({
  getParentRoute: () => root,
  path: "certificate",
  component: lazyPage("certificate", () => import("./certificate_page")),
  wrapInSuspense: true,
  staticData: { title: msg`Certificate` },
});
