import { msg } from "@lingui/core/macro";
import { createRoute } from "@tanstack/react-router";
import { ScrollText } from "lucide-react";
import { organisation } from "../../shell/layout";
import { lazyPage } from "../../shell/lazy_page";
import { search, text } from "../../shell/search_schema";
import { may } from "../../shell/viewer";

/** What was done, by whom, to whom or what, and when: the organisation's audit chain. */
export const auditRoute = createRoute({
  getParentRoute: () => organisation,
  path: "audit",
  validateSearch: search({ actor: text(), action: text(), target: text(), from: text(), to: text(), merger: text(), after: text() }),
  component: lazyPage("audit", () => import("./audit_page")),
  staticData: { title: msg`Audit log`, group: "data", icon: ScrollText, key: "a", allows: may("AUDIT_READ") },
});
