/** What the address says, as the API is asked. */

const DAY_MS = 86_400_000;
const DAY = /^\d{4}-\d{2}-\d{2}$/;

interface Search {
  actor?: string | undefined;
  action?: string | undefined;
  target?: string | undefined;
  from?: string | undefined;
  to?: string | undefined;
}

/** The filter, or null where nothing narrows; both days are whole ones, in the reader's time zone. */
export function whereOf({ actor, action, target, from, to }: Search) {
  const since = beginOf(from);
  const last = beginOf(to);
  if (!actor && !action && !target && !since && !last) return null;
  return {
    actorId: actor ?? null,
    action: action ?? null,
    targetId: target ?? null,
    since: since?.toISOString() ?? null,
    // The day after begins up to an hour later or earlier where the clocks change.
    before: last ? beginOf(dayOf(new Date(last.getTime() + DAY_MS + DAY_MS / 12)))!.toISOString() : null,
  };
}

function beginOf(day: string | undefined): Date | undefined {
  if (!day || !DAY.test(day)) return undefined;
  const moment = new Date(`${day}T00:00:00`);
  return Number.isNaN(moment.getTime()) ? undefined : moment;
}

function dayOf(moment: Date): string {
  const two = (part: number) => String(part).padStart(2, "0");
  return `${moment.getFullYear()}-${two(moment.getMonth() + 1)}-${two(moment.getDate())}`;
}
