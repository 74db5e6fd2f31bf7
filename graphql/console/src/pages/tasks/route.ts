import { msg } from "@lingui/core/macro";
import { createRoute } from "@tanstack/react-router";
import { ListChecks } from "lucide-react";
import { organisation } from "../../shell/layout";
import { lazyPage } from "../../shell/lazy_page";
import { oneOf, search, text } from "../../shell/search_schema";
import { isMember, may } from "../../shell/viewer";
import { TASK_STATES } from "./states";

/** What people do by hand because no integration does it: all by role, else those of what one connected for oneself. */
export const tasksRoute = createRoute({
  getParentRoute: () => organisation,
  path: "tasks",
  validateSearch: search({ state: oneOf(TASK_STATES), task: text(), after: text() }),
  component: lazyPage("tasks", () => import("./tasks_page")),
  staticData: {
    title: msg`Tasks`,
    group: "work",
    icon: ListChecks,
    key: "t",
    allows: (viewer) => may("TASKS_READ")(viewer) || isMember(viewer),
  },
});
