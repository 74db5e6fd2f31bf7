/** The routes that pages stand under, and what each page says of itself. */

import type { MessageDescriptor } from "@lingui/core";
import { createRootRoute, createRoute, lazyRouteComponent, Outlet } from "@tanstack/react-router";
import type { LucideIcon } from "lucide-react";
import type { Viewer } from "./viewer";

/** The parts of the navigation, in this order; a page without one is reached from another page. */
export const GROUPS = ["work", "people", "data", "organisation", "mine", "provider"] as const;
export type Group = (typeof GROUPS)[number];

declare module "@tanstack/react-router" {
  interface StaticDataRouteOption {
    /** What the page is called, until it knows the name of its object. */
    title?: MessageDescriptor;
    /** Whether somebody sees it; to others it is an unknown page. Left out: everybody in the organisation. */
    allows?: (viewer: Viewer) => boolean;
    /** Where it stands in the navigation. */
    group?: Group;
    icon?: LucideIcon;
    /** Pressed after `g`, leads here. */
    key?: string;
    /** The type of the object that a page with `$id` shows: leads from pasted ids to it. */
    shows?: string;
  }
}

export const root = createRootRoute({ component: Outlet });

/** All that has the header and the navigation. */
export const frame = createRoute({
  getParentRoute: () => root,
  id: "frame",
  component: lazyRouteComponent(() => import("./frame"), "Frame"),
  // Before there is a frame, there is nothing in which to tell that a page comes.
  pendingMs: Infinity,
});

/** Pages of an organisation: `/console/o/{organisation}/…`. */
export const organisation = createRoute({ getParentRoute: () => frame, path: "/o/$organisation" });
