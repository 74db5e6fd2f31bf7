import { msg } from "@lingui/core/macro";
import { createRoute } from "@tanstack/react-router";
import { FileUp } from "lucide-react";
import { organisation } from "../../shell/layout";
import { lazyPage } from "../../shell/lazy_page";
import { may } from "../../shell/viewer";

/** People of a file become members. */
export const importRoute = createRoute({
  getParentRoute: () => organisation,
  path: "members/import",
  component: lazyPage("import", () => import("./import_page")),
  staticData: { title: msg`Import people`, group: "people", icon: FileUp, allows: may("MEMBERS_UPDATE") },
});
