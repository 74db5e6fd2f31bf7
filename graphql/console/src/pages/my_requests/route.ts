import { msg } from "@lingui/core/macro";
import { createRoute } from "@tanstack/react-router";
import { MessageCircleQuestionMark } from "lucide-react";
import { organisation } from "../../shell/layout";
import { lazyPage } from "../../shell/lazy_page";
import { search, text } from "../../shell/search_schema";
import { isOneself } from "../../shell/viewer";

/** What somebody has asked about the own data. */
export const myRequestsRoute = createRoute({
  getParentRoute: () => organisation,
  path: "me/requests",
  validateSearch: search({ after: text() }),
  component: lazyPage("my_requests", () => import("./my_requests_page")),
  staticData: { title: msg`My requests`, group: "mine", icon: MessageCircleQuestionMark, key: "q", allows: isOneself },
});

/** One of them: where it stands, what happens next and by when, and what came of it. */
export const myRequestRoute = createRoute({
  getParentRoute: () => organisation,
  path: "me/requests/$id",
  component: lazyPage("my_requests", () => import("./my_request_page")),
  staticData: { title: msg`My request`, allows: isOneself },
});
