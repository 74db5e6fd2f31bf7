/** Search parameters as people read them: `?q=anna&state=ACTIVE&state=REMOVED`. */

type Search = Record<string, unknown>;

export function parseSearch(text: string): Search {
  const search: Record<string, string | string[]> = {};
  for (const [name, value] of new URLSearchParams(text)) {
    const before = search[name];
    search[name] = before === undefined ? value : [before, value].flat();
  }
  return search;
}

export function stringifySearch(search: Search): string {
  const words = new URLSearchParams();
  for (const [name, value] of Object.entries(search)) {
    for (const one of [value].flat()) {
      if (one !== undefined && one !== null && one !== "" && one !== false) words.append(name, one === true ? "yes" : String(one));
    }
  }
  const text = words.toString();
  return text && `?${text}`;
}
