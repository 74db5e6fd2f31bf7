import { msg } from "@lingui/core/macro";
import { createRoute } from "@tanstack/react-router";
import { KeyRound } from "lucide-react";
import { organisation } from "../../shell/layout";
import { lazyPage } from "../../shell/lazy_page";
import { flag, search, text } from "../../shell/search_schema";
import { may } from "../../shell/viewer";

/** Accounts whose owners have lost the second factor, on which two people decide. */
export const recoveriesRoute = createRoute({
  getParentRoute: () => organisation,
  path: "recoveries",
  validateSearch: search({ all: flag(), after: text() }),
  component: lazyPage("recoveries", () => import("./recoveries_page")),
  staticData: { title: msg`Account recoveries`, group: "work", icon: KeyRound, allows: may("MEMBERS_RECOVER", "ACCOUNTS_RECOVER") },
});
