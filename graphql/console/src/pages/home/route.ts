import { msg } from "@lingui/core/macro";
import { createRoute } from "@tanstack/react-router";
import { House } from "lucide-react";
import { organisation } from "../../shell/layout";
import { lazyPage } from "../../shell/lazy_page";

/** The first page of an organisation. */
export const homeRoute = createRoute({
  getParentRoute: () => organisation,
  path: "/",
  component: lazyPage("home", () => import("./home_page")),
  staticData: { title: msg`Home`, group: "work", icon: House, key: "h" },
});
