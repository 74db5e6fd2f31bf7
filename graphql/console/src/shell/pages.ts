/** The pages, as navigation, palette and tests see them: derived from the router. */

import type { AnyRoute } from "@tanstack/react-router";
import { useParams, useRouter } from "@tanstack/react-router";
import { useMemo } from "react";
import { useSession } from "../api/session_store";
import type { Viewer } from "./viewer";

export type Page = AnyRoute;

export function pagesOf(router: { routesById: Record<string, AnyRoute> }): Page[] {
  return Object.values(router.routesById).filter((route) => route.options.staticData?.title);
}

/** The pages that somebody sees and can go to without naming an object. */
export function reachable(pages: Page[], viewer: Viewer): Page[] {
  return pages.filter((page) => isSeen(page, viewer) && page.options.staticData?.group && !page.fullPath.includes("$id"));
}

export function isSeen(page: Page, viewer: Viewer): boolean {
  return page.options.staticData?.allows?.(viewer) ?? true;
}

export function useReachable(viewer: Viewer | undefined): Page[] {
  const router = useRouter();
  return useMemo(() => (viewer ? reachable(pagesOf(router), viewer) : []), [router, viewer]);
}

/** The address of a page, below `/console`. */
export function addressOf(page: Page, organisation: string | undefined, id?: string): string {
  return page.fullPath
    .replace("$organisation", encodeURIComponent(organisation ?? ""))
    .replace("$id", encodeURIComponent(id ?? ""))
    .replace(/(.)\/$/, "$1");
}

/** Where a notice leads, below `/console`; undefined for what leads to the sign-in alone. */
export function addressOfNotice(url: string): string | undefined {
  const { pathname, search } = new URL(url, location.origin);
  return pathname.startsWith("/console/") ? pathname.slice("/console".length) + search : undefined;
}

/** The organisation that links lead into: the address's, or the provider's own on pages of no organisation. */
export function useSlug(): string | undefined {
  const { organisation } = useParams({ strict: false });
  const { session } = useSession();
  return organisation ?? session.provider ?? undefined;
}
