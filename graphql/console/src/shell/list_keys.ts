/** What the keys of lists do: as if a person had pressed the arrow, the space bar or Enter in the page's list. */

const LIST = '#main [role="grid"]';
const ROW = '[role="row"][data-key]';
const FILTER = '#main [role="search"] input';

export function focusFilter(): void {
  document.querySelector<HTMLInputElement>(FILTER)?.focus();
}

export function stepRow(key: "ArrowDown" | "ArrowUp"): void {
  const row = focusedRow();
  if (row) press(row, key);
  else document.querySelector<HTMLElement>(`${LIST} tbody ${ROW}, ${LIST} [role="rowgroup"] ~ [role="rowgroup"] ${ROW}`)?.focus();
}

export function toggleRow(): void {
  const row = focusedRow();
  if (row) press(row, " ");
}

export function openRow(): void {
  const row = focusedRow();
  if (row) press(row, "Enter");
}

function focusedRow(): HTMLElement | null {
  return document.activeElement?.closest<HTMLElement>(`${LIST} ${ROW}`) ?? null;
}

function press(row: HTMLElement, key: string) {
  for (const type of ["keydown", "keyup"]) row.dispatchEvent(new KeyboardEvent(type, { key, bubbles: true, cancelable: true }));
}
