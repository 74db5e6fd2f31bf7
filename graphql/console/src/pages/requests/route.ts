import { msg } from "@lingui/core/macro";
import { createRoute } from "@tanstack/react-router";
import { Inbox } from "lucide-react";
import { organisation } from "../../shell/layout";
import { lazyPage } from "../../shell/lazy_page";
import { flag, oneOf, search, someOf, text } from "../../shell/search_schema";
import { may } from "../../shell/viewer";
import { HANDLERS, KINDS, OPEN_STATES } from "../../words/requests";

/** The three ways to look at the requests. */
export const VIEWS = ["list", "calendar", "states"] as const;
/** Until when what is shown is due. */
export const SPANS = ["today", "week", "month"] as const;

/** What members ask about their own data. */
export const requestsRoute = createRoute({
  getParentRoute: () => organisation,
  path: "requests",
  validateSearch: search({
    tab: oneOf(VIEWS),
    state: someOf(OPEN_STATES),
    kind: someOf(KINDS),
    handler: oneOf(HANDLERS),
    due: oneOf(SPANS),
    late: flag(),
    ended: flag(),
    member: text(),
    week: text(),
    after: text(),
  }),
  component: lazyPage("requests", () => import("./requests_page")),
  staticData: {
    title: msg`Requests`,
    group: "work",
    icon: Inbox,
    key: "r",
    allows: may("REQUESTS_READ"),
  },
});
