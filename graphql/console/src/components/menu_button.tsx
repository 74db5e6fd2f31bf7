import { type ReactNode, type RefObject, useRef, useState } from "react";
import { Button } from "./button";

/** Where something opens, and how it closes. */
export interface OpenAt {
  trigger: RefObject<HTMLButtonElement | null>;
  onClose: () => void;
}

interface Properties {
  /** What the button is called, where its content does not say it. */
  label?: string;
  kind?: "icon" | "plain";
  className?: string | undefined;
  opens?: "menu" | "dialog" | "listbox";
  children: ReactNode;
  /** What opens: loaded only then. */
  content: (at: OpenAt) => ReactNode;
  onOpen?: () => void;
  "data-active"?: true | undefined;
  "aria-labelledby"?: string;
  "aria-describedby"?: string;
}

/** A button that opens a menu or a list beside itself. */
export function MenuButton({ label, kind = "plain", className, opens = "menu", children, content, onOpen, ...rest }: Properties) {
  const trigger = useRef<HTMLButtonElement>(null);
  const [isOpen, setIsOpen] = useState(false);
  const open = () => {
    setIsOpen(true);
    onOpen?.();
  };
  const openByArrow = (event: { key: string; continuePropagation: () => void }) => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") open();
    else event.continuePropagation();
  };
  return (
    <>
      <Button
        {...rest}
        ref={trigger}
        kind={kind}
        className={className}
        {...(label === undefined ? {} : { "aria-label": label })}
        aria-haspopup={opens}
        aria-expanded={isOpen}
        onPress={open}
        onKeyDown={openByArrow}
      >
        {children}
      </Button>
      {isOpen && content({ trigger, onClose: () => setIsOpen(false) })}
    </>
  );
}
