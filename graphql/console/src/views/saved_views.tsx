/** Lists as somebody has filtered and ordered them, kept by a name: one's own, and those that others share. */

import { Trans } from "@lingui/react/macro";
import { useRouterState } from "@tanstack/react-router";
import { Bookmark } from "lucide-react";
import { useState } from "react";
import { usePart } from "../api/use_page";
import { MenuButton } from "../components/menu_button";
import { SavedViewsQuery } from "./documents";
import { opened } from "../components/opened";

const ViewsMenu = opened(() => import("./views_menu"), "ViewsMenu");
const ManageViewsDialog = opened(() => import("./manage_views_dialog"), "ManageViewsDialog");
const SaveViewDialog = opened(() => import("./save_view_dialog"), "SaveViewDialog");

interface Properties {
  /** The page, as its address has it after the organisation: `members`. */
  page: string;
}

export function SavedViews({ page }: Properties) {
  const address = useRouterState({ select: ({ location }) => location.searchStr.replace(/^\?/, "") });
  const [isWanted, setIsWanted] = useState(false);
  const [dialog, setDialog] = useState<"save" | "manage">();
  const asked = usePart(SavedViewsQuery, {}, isWanted);
  const views = (asked.data?.savedViews ?? []).filter((view) => view.page === page);
  const closing = { onClose: () => setDialog(undefined), onDone: asked.refresh };
  return (
    <>
      <MenuButton onOpen={() => setIsWanted(true)} content={(at) => <ViewsMenu {...at} views={views} onChoose={setDialog} />}>
        <Bookmark aria-hidden />
        <Trans>Views</Trans>
      </MenuButton>
      {dialog === "save" && <SaveViewDialog page={page} address={address} {...closing} />}
      {dialog === "manage" && <ManageViewsDialog views={views} address={address} {...closing} />}
    </>
  );
}
