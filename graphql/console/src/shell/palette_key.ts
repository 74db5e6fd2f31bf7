import { useEffect, useRef } from "react";

/** What was typed after Ctrl K, until the palette is there to take it. */
let typed: string | undefined;

/** Take what was typed meanwhile. */
export function takeTyped(): string {
  const text = typed ?? "";
  typed = undefined;
  return text;
}

/** Listen to Ctrl K, or ⌘ K, which works everywhere, in fields too. */
export function useControlK(open: () => void): void {
  const latest = useRef(open);
  latest.current = open;
  useEffect(() => {
    const pressed = (event: KeyboardEvent) => {
      if (isControlK(event)) {
        event.preventDefault();
        typed = "";
        latest.current();
      } else if (typed !== undefined && event.key.length === 1 && !event.ctrlKey && !event.metaKey && !event.altKey) {
        event.preventDefault();
        typed += event.key;
      }
    };
    document.addEventListener("keydown", pressed);
    return () => document.removeEventListener("keydown", pressed);
  }, []);
}

function isControlK(event: KeyboardEvent): boolean {
  return event.key.toLowerCase() === "k" && (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey;
}
