import { msg } from "@lingui/core/macro";
import { createRoute } from "@tanstack/react-router";
import { Globe } from "lucide-react";
import { organisation } from "../../shell/layout";
import { lazyPage } from "../../shell/lazy_page";
import { search, someOf, text } from "../../shell/search_schema";
import { may } from "../../shell/viewer";
import { CLAIM_STATES } from "./constants";

const allows = may("DOMAINS_READ");

/** The domains that the organisation claims, or has claimed. */
export const domainsRoute = createRoute({
  getParentRoute: () => organisation,
  path: "domains",
  validateSearch: search({ after: text() }),
  component: lazyPage("domains", () => import("./domains_page")),
  staticData: { title: msg`Domains`, group: "organisation", icon: Globe, key: "d", allows },
});

/** One domain: its proof, what is wanted of accounts there, and how far asking them has come. */
export const domainRoute = createRoute({
  getParentRoute: () => organisation,
  path: "domains/$id",
  component: lazyPage("domains", () => import("./domain_page")),
  staticData: { title: msg`Domain`, shows: "Domain", allows },
});

/** The accounts at the organisation's domains that were asked to belong to it. */
export const accountClaimsRoute = createRoute({
  getParentRoute: () => organisation,
  path: "domains/accounts",
  validateSearch: search({ state: someOf(CLAIM_STATES), after: text() }),
  component: lazyPage("domains", () => import("./account_claims_page")),
  staticData: { title: msg`Accounts at your domains`, allows },
});
