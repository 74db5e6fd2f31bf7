import { useFormats } from "../language/formats";
import css from "./moment.module.css";

/** A moment: how far away it is; the date stands in its title, and when it is wanted in the text. */
export function Moment({ at, isExact = false }: { at: string; isExact?: boolean }) {
  const formats = useFormats();
  const exact = formats.dateTime(at);
  return (
    <time dateTime={at} title={exact}>
      {isExact ? exact : formats.relative(at)}
    </time>
  );
}

/** A day, without the hour. */
export function Day({ at }: { at: string }) {
  const formats = useFormats();
  return (
    <time dateTime={at} title={formats.dateTime(at)}>
      {formats.date(at)}
    </time>
  );
}

const URGENT_MS = 2 * 86_400_000;

/** A day that counts: with its weekday and how far away it is; near or past it stands out. */
export function Deadline({ at, isOver = false }: { at: string; isOver?: boolean }) {
  const formats = useFormats();
  const left = new Date(at).getTime() - Date.now();
  return (
    <time dateTime={at} title={formats.dateTime(at)} className={css.deadline}>
      {formats.deadline(at)}
      {!isOver && <span className={left < URGENT_MS ? css.near : css.away}>{formats.relative(at)}</span>}
    </time>
  );
}
