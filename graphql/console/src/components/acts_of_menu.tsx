import { MenuItem } from "react-aria-components";
import type { Act } from "./acts_menu";
import type { OpenAt } from "./menu_button";
import menu from "./menu.module.css";
import { MenuPopover } from "./menu_popover";

interface Properties extends OpenAt {
  label: string;
  acts: readonly Act[];
}

/** The menu of acts, loaded when it opens. */
export function ActsOfMenu({ acts, ...rest }: Properties) {
  return (
    <MenuPopover {...rest}>
      {acts.map(({ id, label, run }) => (
        <MenuItem key={id} id={id} className={menu.item!} onAction={run}>
          {label}
        </MenuItem>
      ))}
    </MenuPopover>
  );
}
