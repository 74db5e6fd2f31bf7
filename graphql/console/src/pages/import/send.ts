/** Send people to be imported, and read what became of each as the work goes on. */

import { currentSession, awaitSignIn, renewSession } from "../../api/session_store";
import { type Failure } from "../../api/failures";
import { CSRF_HEADER, ORGANISATION_HEADER } from "../../sign_in/session";
import type { Target } from "./columns";
import type { Sheet } from "./read_file";

export interface Refused {
  /** Its place among the people of the file, from 1. */
  row: number;
  message: string;
}

export interface Progress {
  imported: number;
  refused: Refused[];
  /** The server has told the sums: every person of the file was dealt with. */
  isWhole: boolean;
  failure?: Failure;
}

interface Line {
  row?: number;
  memberId?: string;
  error?: { message: string };
  imported?: number;
  ended?: { code: string; message: string };
}

/** A person of the file as the API takes it; what is empty is not sent. */
function personOf(row: readonly string[], mapping: readonly (Target | null)[]) {
  const values = mapping.flatMap((target, place) => {
    const text = row[place]?.trim() ?? "";
    return target && text !== "" ? [[target, text] as const] : [];
  });
  const { email = "", ...profile } = Object.fromEntries(values) as Partial<Record<Target, string>>;
  return { email, profile };
}

export async function importPeople(
  organisation: string,
  sheet: Sheet,
  mapping: readonly (Target | null)[],
  onProgress: (progress: Progress) => void,
): Promise<void> {
  const body = sheet.rows.map((row) => JSON.stringify(personOf(row, mapping))).join("\n");
  let progress: Progress = { imported: 0, refused: [], isWhole: false };
  const fail = (failure: Failure) => onProgress((progress = { ...progress, failure }));
  try {
    const response = await send(organisation, body);
    if (!response.ok || !response.body) return fail(await refusalOf(response));
    for await (const lines of linesOf(response.body)) {
      progress = lines.reduce(after, progress);
      onProgress({ ...progress, refused: [...progress.refused] });
    }
    if (!progress.isWhole && !progress.failure) fail(offline());
  } catch {
    fail(offline());
  }
}

async function send(organisation: string, body: string): Promise<Response> {
  const call = () =>
    fetch("/members/import", {
      method: "POST",
      headers: { "Content-Type": "application/jsonl", [CSRF_HEADER]: currentSession().csrf_token, [ORGANISATION_HEADER]: organisation },
      body,
    });
  let response = await call();
  while (response.status === 401) {
    await awaitSignIn();
    response = await call();
  }
  if (response.status === 403 && (await response.clone().text()).includes("CSRF")) {
    await renewSession();
    response = await call();
  }
  return response;
}

function after(progress: Progress, text: string): Progress {
  const line = JSON.parse(text) as Line;
  if (line.row === undefined) {
    const { ended } = line;
    return ended ? { ...progress, failure: { kind: "refused", code: ended.code, message: ended.message, requestId: null } } : { ...progress, isWhole: true };
  }
  if (!line.error) return { ...progress, imported: progress.imported + 1 };
  // In place: a file of strangers has fifty thousand of them.
  progress.refused.push({ row: line.row, message: line.error.message });
  return progress;
}

/** Whole lines, as many at a time as have arrived. */
async function* linesOf(stream: ReadableStream<Uint8Array>): AsyncGenerator<string[]> {
  const reader = stream.pipeThrough(new TextDecoderStream() as ReadableWritablePair<string, Uint8Array>).getReader();
  let rest = "";
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    const lines = (rest + value).split("\n");
    rest = lines.pop() ?? "";
    yield lines.filter((line) => line !== "");
  }
  if (rest !== "") yield [rest];
}

async function refusalOf(response: Response): Promise<Failure> {
  const requestId = response.headers.get("X-Request-Id");
  const problem = (await response.json().catch(() => ({}))) as { code?: string; detail?: string };
  const isFault = response.status >= 500 || !problem.detail;
  return { kind: isFault ? "fault" : "refused", code: problem.code ?? "", message: problem.detail ?? "", requestId };
}

function offline(): Failure {
  return { kind: "offline", code: "", message: "", requestId: null };
}
