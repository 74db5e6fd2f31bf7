/** The rows of the list that a person came from, so that `[` and `]` lead to the next without going back. */

let rows: string[] = [];

/** Remember the addresses of a list's rows, in order. */
export function rememberRows(addresses: string[]): void {
  rows = addresses;
}

export function neighbourOf(path: string, step: 1 | -1): string | undefined {
  const place = rows.indexOf(path.replace(/^\/console/, ""));
  return place < 0 ? undefined : rows[place + step];
}
