import { msg } from "@lingui/core/macro";
import { createRoute } from "@tanstack/react-router";
import { MailPlus } from "lucide-react";
import { organisation } from "../../shell/layout";
import { lazyPage } from "../../shell/lazy_page";
import { flag, search, text } from "../../shell/search_schema";
import { may } from "../../shell/viewer";

/** Invitations by address: open ones, or all. */
export const invitationsRoute = createRoute({
  getParentRoute: () => organisation,
  path: "invitations",
  validateSearch: search({ ended: flag(), after: text() }),
  component: lazyPage("invitations", () => import("./invitations_page")),
  staticData: { title: msg`Invitations`, group: "people", icon: MailPlus, key: "v", allows: may("INVITATIONS_READ") },
});
