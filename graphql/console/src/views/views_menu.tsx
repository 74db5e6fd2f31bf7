import { Trans, useLingui } from "@lingui/react/macro";
import { useNavigate } from "@tanstack/react-router";
import { Header, MenuItem, MenuSection } from "react-aria-components";
import type { ResultOf } from "../api/graphql";
import type { OpenAt } from "../components/menu_button";
import menu from "../components/menu.module.css";
import { MenuPopover } from "../components/menu_popover";
import type { SavedViewsQuery } from "./documents";

interface Properties extends OpenAt {
  views: ResultOf<typeof SavedViewsQuery>["savedViews"];
  onChoose: (dialog: "save" | "manage") => void;
}

export function ViewsMenu({ views, onChoose, ...at }: Properties) {
  const { t } = useLingui();
  const navigate = useNavigate();
  const open = (view: string) => void navigate({ to: ".", search: (() => Object.fromEntries(entries(view))) as never });
  return (
    <MenuPopover {...at} label={t`Views`}>
      <MenuSection>
        <Header className={menu.header!}>{views.length ? t`Kept views` : t`No view is kept yet`}</Header>
        {views.map((view) => (
          <MenuItem key={view.id} id={view.id} textValue={view.name} className={menu.item!} onAction={() => open(view.address)}>
            <bdi>{view.name}</bdi>
            {view.isShared && <Trans>(shared)</Trans>}
          </MenuItem>
        ))}
      </MenuSection>
      <MenuItem id="save" className={menu.item!} onAction={() => onChoose("save")}>
        <Trans>Keep this view…</Trans>
      </MenuItem>
      {views.length > 0 && (
        <MenuItem id="manage" className={menu.item!} onAction={() => onChoose("manage")}>
          <Trans>Change or remove a view…</Trans>
        </MenuItem>
      )}
    </MenuPopover>
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
