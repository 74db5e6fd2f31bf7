/** The console for whoever is signed in; others sign in first and come back to the same address. */

import { I18nProvider as MessagesProvider } from "@lingui/react";
import { i18n } from "@lingui/core";
import { RouterProvider } from "@tanstack/react-router";
import { StrictMode } from "react";
import { I18nProvider, RouterProvider as LinkProvider } from "react-aria-components";
import { createRoot } from "react-dom/client";
import { renewSession } from "../api/session_store";
import { loadMessages, startLanguage } from "../language/language";
import { router } from "../routes";
import { adoptPreferences } from "./preferences";

/** Certificates are checked by whoever holds one, account or not. */
const OPEN_PAGE = "/console/certificate";

export async function start(place: HTMLElement): Promise<void> {
  const [session] = await Promise.all([renewSession(), startLanguage().then(() => loadMessages("shell"))]);
  await adoptPreferences(session.preferences);
  if (!session.account && location.pathname !== OPEN_PAGE) {
    location.replace(`/console#${location.pathname}${location.search}`);
    return;
  }
  createRoot(place).render(
    <StrictMode>
      <MessagesProvider i18n={i18n}>
        <I18nProvider locale={i18n.locale}>
          <LinkProvider navigate={navigate} useHref={hrefOf}>
            <RouterProvider router={router} />
          </LinkProvider>
        </I18nProvider>
      </MessagesProvider>
    </StrictMode>,
  );
}

/** React Aria's links hold addresses below `/console`, as the router's do. */
function navigate(address: string) {
  void router.navigate({ href: address });
}

function hrefOf(address: string): string {
  return address.startsWith("/o/") || /^\/(privacy|disputes|developers)\b/.test(address) ? `/console${address}` : address;
}
