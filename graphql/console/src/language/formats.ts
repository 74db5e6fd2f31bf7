/** Dates, times and numbers, as the language and the place of the reader write them. */

import { useLingui } from "@lingui/react";
import { PSEUDO } from "./language";

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;

export interface Formats {
  date: (moment: string | Date) => string;
  /** With the day of the week: where a deadline counts. */
  deadline: (moment: string | Date) => string;
  /** The name of the day of the week. */
  weekday: (moment: string | Date) => string;
  dateTime: (moment: string | Date) => string;
  time: (moment: string | Date) => string;
  number: (value: number) => string;
  /** “in 3 days”, “2 hours ago”. */
  relative: (moment: string | Date, now?: Date) => string;
  list: (parts: string[]) => string;
  country: (code: string) => string;
}

export function useFormats(): Formats {
  const { i18n } = useLingui();
  return formatsOf(i18n.locale);
}

/** By language: to make them takes longer than to use them, and a list of dates would make them for each. */
const known = new Map<string, Formats>();

export function formatsOf(locale: string): Formats {
  const formats = known.get(locale) ?? makeFormats(locale);
  known.set(locale, formats);
  return formats;
}

function makeFormats(locale: string): Formats {
  const tag = locale === PSEUDO ? "ar" : (navigator.languages.find((wish) => wish.startsWith(locale)) ?? locale);
  const date = new Intl.DateTimeFormat(tag, { dateStyle: "medium" });
  const deadline = new Intl.DateTimeFormat(tag, { weekday: "short", day: "numeric", month: "short", year: "numeric" });
  const weekday = new Intl.DateTimeFormat(tag, { weekday: "long" });
  const dateTime = new Intl.DateTimeFormat(tag, { dateStyle: "medium", timeStyle: "short" });
  const time = new Intl.DateTimeFormat(tag, { timeStyle: "short" });
  const number = new Intl.NumberFormat(tag);
  const relative = new Intl.RelativeTimeFormat(tag, { numeric: "auto" });
  const list = new Intl.ListFormat(tag);
  const countries = new Intl.DisplayNames(tag, { type: "region" });
  return {
    date: (moment) => date.format(new Date(moment)),
    deadline: (moment) => deadline.format(new Date(moment)),
    weekday: (moment) => weekday.format(new Date(moment)),
    dateTime: (moment) => dateTime.format(new Date(moment)),
    time: (moment) => time.format(new Date(moment)),
    number: (value) => number.format(value),
    relative: (moment, now = new Date()) => {
      const away = new Date(moment).getTime() - now.getTime();
      const size = Math.abs(away);
      if (size >= DAY_MS) return relative.format(Math.round(away / DAY_MS), "day");
      if (size >= HOUR_MS) return relative.format(Math.round(away / HOUR_MS), "hour");
      return relative.format(Math.round(away / MINUTE_MS), "minute");
    },
    list: (parts) => list.format(parts),
    country: (code) => countries.of(code) ?? code,
  };
}
