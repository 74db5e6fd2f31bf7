import type { ReactNode } from "react";
import { Menu, Popover } from "react-aria-components";
import menu from "./menu.module.css";
import type { OpenAt } from "./menu_button";

interface Properties extends OpenAt {
  label: string;
  placement?: "bottom start" | "bottom end";
  children: ReactNode;
}

/** A menu beside the button that opened it. */
export function MenuPopover({ label, trigger, onClose, placement = "bottom end", children }: Properties) {
  return (
    <Popover isOpen triggerRef={trigger} onOpenChange={(isOpen) => !isOpen && onClose()} className={menu.popover!} placement={placement}>
      <Menu className={menu.menu!} aria-label={label} autoFocus="first" onClose={onClose}>
        {children}
      </Menu>
    </Popover>
  );
}
