import { msg } from "@lingui/core/macro";
import { createRoute } from "@tanstack/react-router";
import { UserRoundX } from "lucide-react";
import { organisation } from "../../shell/layout";
import { lazyPage } from "../../shell/lazy_page";
import { flag, search, text } from "../../shell/search_schema";
import { may } from "../../shell/viewer";

/** Deletions of members beyond the limit of a day, which a second person decides. */
export const approvalsRoute = createRoute({
  getParentRoute: () => organisation,
  path: "approvals",
  validateSearch: search({ all: flag(), after: text() }),
  component: lazyPage("approvals", () => import("./approvals_page")),
  staticData: { title: msg`Approvals`, group: "work", icon: UserRoundX, allows: may("MEMBERS_READ_DETAILS") },
});
