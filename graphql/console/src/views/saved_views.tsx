/** Lists as somebody has filtered and ordered them, kept by a name: one's own, and those that others share. */

import { Trans, useLingui } from "@lingui/react/macro";
import { useNavigate, useRouterState } from "@tanstack/react-router";
import { Bookmark } from "lucide-react";
import { useState } from "react";
import { Header, Menu, MenuItem, MenuSection, MenuTrigger, Popover } from "react-aria-components";
import { usePart } from "../api/use_page";
import { Button } from "../components/button";
import menu from "../components/menu.module.css";
import { ManageViewsDialog } from "./manage_views_dialog";
import { SaveViewDialog } from "./save_view_dialog";
import { SavedViewsQuery } from "./documents";

interface Properties {
  /** The page, as its address has it after the organisation: `members`. */
  page: string;
}

export function SavedViews({ page }: Properties) {
  const { t } = useLingui();
  const navigate = useNavigate();
  const address = useRouterState({ select: ({ location }) => location.searchStr.replace(/^\?/, "") });
  const [isOpen, setIsOpen] = useState(false);
  const [dialog, setDialog] = useState<"save" | "manage">();
  const asked = usePart(SavedViewsQuery, {}, isOpen || dialog !== undefined);
  const views = (asked.data?.savedViews ?? []).filter((view) => view.page === page);
  const open = (view: string) => void navigate({ to: ".", search: (() => Object.fromEntries(entries(view))) as never });
  return (
    <>
      <MenuTrigger isOpen={isOpen} onOpenChange={setIsOpen}>
        <Button>
          <Bookmark aria-hidden />
          <Trans>Views</Trans>
        </Button>
        <Popover className={menu.popover!} placement="bottom end">
          <Menu className={menu.menu!} aria-label={t`Views`}>
            <MenuSection>
              <Header className={menu.header!}>{views.length ? t`Kept views` : t`No view is kept yet`}</Header>
              {views.map((view) => (
                <MenuItem key={view.id} id={view.id} textValue={view.name} className={menu.item!} onAction={() => open(view.address)}>
                  <bdi>{view.name}</bdi>
                  {view.isShared && <Trans>(shared)</Trans>}
                </MenuItem>
              ))}
            </MenuSection>
            <MenuItem id="save" className={menu.item!} onAction={() => setDialog("save")}>
              <Trans>Keep this view…</Trans>
            </MenuItem>
            {views.length > 0 && (
              <MenuItem id="manage" className={menu.item!} onAction={() => setDialog("manage")}>
                <Trans>Remove a view…</Trans>
              </MenuItem>
            )}
          </Menu>
        </Popover>
      </MenuTrigger>
      {dialog === "save" && <SaveViewDialog page={page} address={address} onClose={() => setDialog(undefined)} onDone={asked.refresh} />}
      {dialog === "manage" && <ManageViewsDialog views={views} onClose={() => setDialog(undefined)} onDone={asked.refresh} />}
    </>
  );
}

/** What an address says after `?`, as the router's search parameters. */
function entries(address: string): [string, string | string[]][] {
  const words = new URLSearchParams(address);
  return [...new Set(words.keys())].map((name) => {
    const values = words.getAll(name);
    return [name, values.length > 1 ? values : (values[0] ?? "")];
  });
}
