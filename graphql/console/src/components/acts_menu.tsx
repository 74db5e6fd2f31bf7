import { useLingui } from "@lingui/react/macro";
import { Ellipsis } from "lucide-react";
import { Menu, MenuItem, MenuTrigger, Popover } from "react-aria-components";
import { Button } from "./button";
import menu from "./menu.module.css";

export interface Act {
  id: string;
  /** Names the deed; an ellipsis at its end where something is asked first. */
  label: string;
  run: () => void;
  /** Left out: everybody who sees the menu may. */
  isThere?: boolean;
}

/** Further acts on what the page or the row shows; without any, no menu. */
export function ActsMenu({ acts, label }: { acts: readonly Act[]; label?: string }) {
  const { t } = useLingui();
  const there = acts.filter(({ isThere = true }) => isThere);
  if (there.length === 0) return null;
  const name = label ?? t`More acts`;
  return (
    <MenuTrigger>
      <Button kind="icon" aria-label={name}>
        <Ellipsis aria-hidden />
      </Button>
      <Popover className={menu.popover!} placement="bottom end">
        <Menu className={menu.menu!} aria-label={name}>
          {there.map(({ id, label: deed, run }) => (
            <MenuItem key={id} id={id} className={menu.item!} onAction={run}>
              {deed}
            </MenuItem>
          ))}
        </Menu>
      </Popover>
    </MenuTrigger>
  );
}
