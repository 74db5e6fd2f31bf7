/** The calendar of deadlines: a table of weeks, in which each clock that runs stands on its day. */

import { endOfWeek, fromDate, getLocalTimeZone, parseDate, startOfWeek, toCalendarDate, today, type CalendarDate } from "@internationalized/date";
import { Trans, useLingui } from "@lingui/react/macro";
import { useNavigate } from "@tanstack/react-router";
import { ChevronLeft, ChevronRight } from "lucide-react";
import { Button, Buttons } from "../../components/button";
import { Badge } from "../../components/badge";
import { useFormats } from "../../language/formats";
import { PSEUDO } from "../../language/language";
import { Entries, type Entry, useEntries } from "./entries";
import type { RequestRow } from "./columns";
import css from "./requests.module.css";
import { requestsRoute } from "./route";

const WEEKS = 5;
const DAYS = 7;
const ISO_DAY = /^\d{4}-\d{2}-\d{2}$/;

export function Calendar({ rows }: { rows: readonly RequestRow[] }) {
  const { i18n } = useLingui();
  const locale = i18n.locale === PSEUDO ? "ar" : i18n.locale;
  const zone = getLocalTimeZone();
  const { week } = requestsRoute.useSearch();
  const now = today(zone);
  const first = startOfWeek(week && ISO_DAY.test(week) ? parseDate(week) : now, locale);
  const entries = useEntries(rows);
  const dayOf = ({ at }: Entry) => toCalendarDate(fromDate(new Date(at), zone));
  const late = entries.filter((entry) => new Date(entry.at).getTime() < Date.now());
  const ahead = entries.filter((entry) => !late.includes(entry));
  const thisWeek = endOfWeek(now, locale);
  const on = (day: CalendarDate) => entries.filter((entry) => dayOf(entry).compare(day) === 0);
  return (
    <>
      <dl className={css.sums}>
        <Sum name={<Trans>Late</Trans>} count={late.length} isAlarming />
        <Sum name={<Trans>Today</Trans>} count={ahead.filter((entry) => dayOf(entry).compare(now) === 0).length} />
        <Sum name={<Trans>This week</Trans>} count={ahead.filter((entry) => dayOf(entry).compare(thisWeek) <= 0).length} />
      </dl>
      <Weeks first={first} />
      <div className={css.calendar}>
        <table>
          <caption className={css.caption}>
            <Trans>Deadlines of open requests, by day</Trans>
          </caption>
          <thead>
            <tr>
              {Array.from({ length: DAYS }, (_, day) => (
                <DayName key={day} day={first.add({ days: day })} />
              ))}
            </tr>
          </thead>
          <tbody>
            {Array.from({ length: WEEKS }, (_, row) => (
              <tr key={row}>
                {Array.from({ length: DAYS }, (__, column) => first.add({ days: row * DAYS + column })).map((day) => (
                  <Day key={day.toString()} day={day} isToday={day.compare(now) === 0} entries={on(day)} />
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {late.length > 0 && (
        <section aria-labelledby="late">
          <h2 id="late" className={css.heading}>
            <Trans>Late</Trans>
          </h2>
          <Entries entries={late} isDated />
        </section>
      )}
    </>
  );
}

function Sum({ name, count, isAlarming = false }: { name: React.ReactNode; count: number; isAlarming?: boolean }) {
  const formats = useFormats();
  return (
    <div>
      <dt>{name}</dt>
      <dd>
        <Badge tone={isAlarming && count > 0 ? "alarm" : "plain"}>{formats.number(count)}</Badge>
      </dd>
    </div>
  );
}

/** Which five weeks are shown, and the way to others. */
function Weeks({ first }: { first: CalendarDate }) {
  const { t } = useLingui();
  const formats = useFormats();
  const navigate = useNavigate({ from: requestsRoute.fullPath });
  const zone = getLocalTimeZone();
  const go = (week: CalendarDate | undefined) => void navigate({ search: (now) => ({ ...now, week: week?.toString() }) });
  const [from, until] = [first, first.add({ days: WEEKS * DAYS - 1 })].map((day) => formats.date(day.toDate(zone)));
  return (
    <Buttons>
      <Button kind="icon" aria-label={t`Earlier weeks`} onPress={() => go(first.subtract({ weeks: WEEKS }))}>
        <ChevronLeft aria-hidden className={css.arrow} />
      </Button>
      <strong>
        <Trans>
          {from} to {until}
        </Trans>
      </strong>
      <Button kind="icon" aria-label={t`Later weeks`} onPress={() => go(first.add({ weeks: WEEKS }))}>
        <ChevronRight aria-hidden className={css.arrow} />
      </Button>
      <Button kind="quiet" onPress={() => go(undefined)}>
        <Trans>Today</Trans>
      </Button>
    </Buttons>
  );
}

function DayName({ day }: { day: CalendarDate }) {
  const formats = useFormats();
  return <th scope="col">{formats.weekday(day.toDate(getLocalTimeZone()))}</th>;
}

function Day({ day, isToday, entries }: { day: CalendarDate; isToday: boolean; entries: Entry[] }) {
  const formats = useFormats();
  const at = day.toDate(getLocalTimeZone());
  return (
    <td data-empty={entries.length === 0 || undefined} data-today={isToday || undefined}>
      <time dateTime={day.toString()} className={css.day} {...(isToday ? { "aria-current": "date" as const } : {})}>
        <span className={css.number}>{formats.number(day.day)}</span>
        <span className={css.date}>{formats.deadline(at)}</span>
      </time>
      {entries.length > 0 && <Entries entries={entries} />}
    </td>
  );
}
