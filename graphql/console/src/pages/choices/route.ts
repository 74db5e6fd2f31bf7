import { msg } from "@lingui/core/macro";
import { createRoute } from "@tanstack/react-router";
import { SlidersHorizontal } from "lucide-react";
import { organisation } from "../../shell/layout";
import { lazyPage } from "../../shell/lazy_page";
import { oneOf, search } from "../../shell/search_schema";
import { isOneself } from "../../shell/viewer";

export const TABS = ["uses", "mail", "groups", "leaving"] as const;

/** What somebody decides alone, at once: uses of the own data, mail, groups, and staying at all. */
export const choicesRoute = createRoute({
  getParentRoute: () => organisation,
  path: "me/choices",
  validateSearch: search({ tab: oneOf(TABS) }),
  component: lazyPage("choices", () => import("./choices_page")),
  staticData: { title: msg`Choices`, group: "mine", icon: SlidersHorizontal, key: "c", allows: isOneself },
});
