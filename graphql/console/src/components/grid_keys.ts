/** How rows of a list are reached, chosen and opened, by hand and by keys: one stop for Tab, then arrows. */

import type { KeyboardEvent, MouseEvent } from "react";

const ROW = "[role=row][data-key]";
const INNER = "a[href], button, input";

export interface Grid {
  ids: readonly string[];
  selected: ReadonlySet<string>;
  onSelect: ((ids: ReadonlySet<string>) => void) | undefined;
  /** Lead to the row's page; nothing where rows have none. */
  open: (id: string, isApart: boolean) => void;
}

function rowOf(target: EventTarget): HTMLElement | null {
  return (target as Element).closest<HTMLElement>(ROW);
}

export function idOf(target: EventTarget): string | undefined {
  return rowOf(target)?.dataset["key"];
}

/** The same rows, and this one in or out. */
export function toggled(selected: ReadonlySet<string>, id: string): ReadonlySet<string> {
  return selected.has(id) ? new Set([...selected].filter((other) => other !== id)) : new Set([...selected, id]);
}

/** What is pressed within a row acts by itself; the rest of the row leads to its page. */
export function clickRow(event: MouseEvent, grid: Grid): void {
  const id = idOf(event.target);
  const isOwn = (event.target as Element).closest(`${INNER}, label`) !== null || getSelection()?.isCollapsed === false;
  if (id !== undefined && !isOwn) grid.open(id, event.ctrlKey || event.metaKey || event.button === 1);
}

export function pressKey(event: KeyboardEvent, grid: Grid): void {
  const row = rowOf(event.target);
  const did = row !== null && (moved(event, row) || acted(event, row, grid));
  if (did) event.preventDefault();
}

function moved({ key, target, currentTarget }: KeyboardEvent, row: HTMLElement): boolean {
  const rows = [...currentTarget.querySelectorAll<HTMLElement>(ROW)];
  const parts = [row, ...row.querySelectorAll<HTMLElement>(INNER)];
  const across = (getComputedStyle(row).direction === "rtl" ? -1 : 1) * (key === "ArrowRight" ? 1 : -1);
  const next: Record<string, () => HTMLElement | undefined> = {
    ArrowDown: () => rows[rows.indexOf(row) + 1],
    ArrowUp: () => rows[rows.indexOf(row) - 1],
    Home: () => rows[0],
    End: () => rows.at(-1),
    ArrowRight: () => parts[parts.indexOf(target as HTMLElement) + across],
    ArrowLeft: () => parts[parts.indexOf(target as HTMLElement) + across],
  };
  if (!next[key]) return false;
  next[key]()?.focus();
  return true;
}

function acted(event: KeyboardEvent, row: HTMLElement, { ids, selected, onSelect, open }: Grid): boolean {
  const id = row.dataset["key"]!;
  if (event.key === "a" && (event.ctrlKey || event.metaKey) && onSelect) onSelect(new Set(ids));
  else if (event.target !== row) return false;
  else if (event.key === " ") onSelect?.(toggled(selected, id));
  else if (event.key === "Enter") open(id, event.ctrlKey || event.metaKey);
  else return false;
  return true;
}

/** Let Tab reach one row and what is in it: the others are reached by arrows. */
export function keepOneStop(list: HTMLElement | null, id: string | undefined): void {
  for (const row of list?.querySelectorAll<HTMLElement>(ROW) ?? []) {
    const stop = row.dataset["key"] === id ? "0" : "-1";
    for (const part of [row, ...row.querySelectorAll(INNER)]) {
      // What is written again is looked at again by the browser, in hundreds of rows.
      if (part.getAttribute("tabindex") !== stop) part.setAttribute("tabindex", stop);
    }
  }
}
