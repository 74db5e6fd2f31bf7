import { plural } from "@lingui/core/macro";
import { useLingui } from "@lingui/react/macro";
import { useFormats } from "../../language/formats";
import css from "./home.module.css";

const DAYS = 14;

/** How much is due on each of the next days; what is late stands before them. */
export function DeadlineStrip({ moments }: { moments: readonly string[] }) {
  const { t } = useLingui();
  const { date, weekday, number } = useFormats();
  const today = new Date();
  today.setHours(0, 0, 0, 0);
  const days = Array.from({ length: DAYS }, (_, ahead) => new Date(today.getFullYear(), today.getMonth(), today.getDate() + ahead));
  const dueOn = (day: Date) => moments.filter((moment) => new Date(moment).toDateString() === day.toDateString()).length;
  const late = moments.filter((moment) => new Date(moment) < today).length;
  const cells = [
    ...(late > 0 ? [{ key: "late", title: t`Late`, long: t`Late`, count: late, isLate: true }] : []),
    ...days.map((day) => ({ key: day.toISOString(), title: `${weekday(day).slice(0, 2)} ${number(day.getDate())}`, long: date(day), count: dueOn(day), isLate: false })),
  ];
  return (
    <ol className={css.strip} aria-label={t`Due on each of the next days`}>
      {cells.map(({ key, title, long, count, isLate }) => (
        <li key={key} data-count={count > 0 || undefined} data-late={isLate || undefined} aria-label={t`${long}: ${plural(count, { 0: "nothing due", one: "# due", other: "# due" })}`}>
          <bdi aria-hidden>{title}</bdi>
          <strong aria-hidden>{count > 0 ? number(count) : "·"}</strong>
        </li>
      ))}
    </ol>
  );
}
