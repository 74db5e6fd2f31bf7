/** Read a file of people in the browser: nothing of it is sent before the person says so. */

import Papa from "papaparse";

export interface Sheet {
  name: string;
  titles: string[];
  rows: string[][];
}

export type Unreadable = "too-large" | "no-text" | "no-rows" | "broken";

const LARGEST = 16 * 1024 * 1024;

export async function readSheet(file: File): Promise<Sheet | Unreadable> {
  if (file.size > LARGEST) return "too-large";
  const text = textOf(await file.arrayBuffer());
  if (text === undefined) return "no-text";
  const { data, errors } = Papa.parse<string[]>(text, { skipEmptyLines: "greedy" });
  if (errors.some(({ type }) => type === "Quotes")) return "broken";
  const [titles, ...rows] = data;
  if (!titles || rows.length === 0) return "no-rows";
  return { name: file.name, titles: titles.map((title) => title.trim()), rows };
}

/** The text of a file in UTF-8, or in UTF-16 with its mark, as spreadsheets write it; of no other file. */
function textOf(bytes: ArrayBuffer): string | undefined {
  const [first, second] = new Uint8Array(bytes, 0, Math.min(2, bytes.byteLength));
  const encoding = first === 0xff && second === 0xfe ? "utf-16le" : first === 0xfe && second === 0xff ? "utf-16be" : "utf-8";
  try {
    const text = new TextDecoder(encoding, { fatal: true }).decode(bytes);
    return text.includes("\0") ? undefined : text;
  } catch {
    return undefined;
  }
}

const FORMULA = /^[=+\-@\t\r]/;

/** Write a file for spreadsheets; what they would take for a formula has an apostrophe before it. */
export function writeSheet(titles: readonly string[], rows: readonly (readonly string[])[]): string {
  const safe = (text: string) => (FORMULA.test(text) ? `'${text}` : text);
  return `\ufeff${Papa.unparse([titles, ...rows].map((row) => row.map(safe)), { newline: "\r\n" })}\r\n`;
}

/** Hand a file to the person. */
export function save(name: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: "text/csv;charset=utf-8" }));
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  URL.revokeObjectURL(url);
}
