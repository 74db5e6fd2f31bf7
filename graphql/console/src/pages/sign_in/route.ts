import { msg } from "@lingui/core/macro";
import { createRoute } from "@tanstack/react-router";
import { KeyRound } from "lucide-react";
import { organisation } from "../../shell/layout";
import { lazyPage } from "../../shell/lazy_page";
import { search, text } from "../../shell/search_schema";
import { may } from "../../shell/viewer";

const allows = may("SINGLE_SIGN_ON_READ");

/** The providers by which the organisation's people sign in. */
export const signInRoute = createRoute({
  getParentRoute: () => organisation,
  path: "sign-in",
  validateSearch: search({ after: text() }),
  component: lazyPage("sign_in", () => import("./sign_in_page")),
  staticData: { title: msg`Sign-in`, group: "organisation", icon: KeyRound, key: "w", allows },
});

/** One provider of sign-in: what is entered on both sides, and what people sign in by. */
export const providerRoute = createRoute({
  getParentRoute: () => organisation,
  path: "sign-in/$id",
  component: lazyPage("sign_in", () => import("./provider_page")),
  staticData: { title: msg`Provider of sign-in`, shows: "IdentityProvider", allows },
});
