/** A year of looks, as weeks that each have a height for whoever looked. */

import { PSEUDO } from "../../language/language";

const WEEK_MS = 7 * 86_400_000;
const WEEKS = 53;
export const KINDS = ["member", "token", "privacy_team"] as const;
export type Kind = (typeof KINDS)[number];

export interface Week {
  beginsAt: Date;
  total: number;
  isNewMonth: boolean;
  parts: { kind: Kind; from: number; count: number }[];
}

interface Counted {
  beginsAt: string;
  count: number;
  actorKind: string;
}

/** The weeks of the year that ends now, oldest first; weeks begin on Monday, in UTC, as the API counts them. */
export function weeksOf(looks: readonly Counted[], now: Date): Week[] {
  const monday = mondayOf(now);
  return Array.from({ length: WEEKS }, (_, place) => {
    const beginsAt = new Date(monday.getTime() - (WEEKS - 1 - place) * WEEK_MS);
    const ofWeek = looks.filter((look) => mondayOf(new Date(look.beginsAt)).getTime() === beginsAt.getTime());
    return { beginsAt, isNewMonth: isFirstOfMonth(beginsAt), ...stacked(ofWeek) };
  });
}

function stacked(looks: readonly Counted[]) {
  let from = 0;
  const parts = KINDS.flatMap((kind) => {
    const count = looks.filter((look) => look.actorKind === kind).reduce((sum, look) => sum + look.count, 0);
    if (count === 0) return [];
    from += count;
    return [{ kind, from: from - count, count }];
  });
  return { parts, total: from };
}

function mondayOf(moment: Date): Date {
  const day = Date.UTC(moment.getUTCFullYear(), moment.getUTCMonth(), moment.getUTCDate());
  return new Date(day - ((moment.getUTCDay() + 6) % 7) * 86_400_000);
}

function isFirstOfMonth(monday: Date): boolean {
  return monday.getUTCDate() <= 7 && monday.getUTCMonth() % 2 === 0;
}

/** The short name of a month. */
export function monthOf(moment: Date, language: string): string {
  return new Intl.DateTimeFormat(language === PSEUDO ? "ar" : language, { month: "short", timeZone: "UTC" }).format(moment);
}
