/** Which row of a list had the focus when a person left: who comes back by the browser's Back stands there again. */

/** By the place in the browser's history, whose entries have keys of their own. */
const rows = new Map<string, string>();

function place(): string | undefined {
  return (history.state as { __TSR_key?: string } | null)?.__TSR_key;
}

export function noteFocus(target: EventTarget): void {
  const row = (target as Element).closest<HTMLElement>("[role=row][data-key]");
  const here = place();
  if (row && here) rows.set(here, row.dataset["key"]!);
}

/** Put the focus where it was, if one was here before. */
export function restoreFocus(list: HTMLElement | null): void {
  const row = rows.get(place() ?? "");
  if (row) list?.querySelector<HTMLElement>(`[role=row][data-key="${CSS.escape(row)}"]`)?.focus({ preventScroll: true });
}
