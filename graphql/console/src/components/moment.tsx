import { useFormats } from "../language/formats";

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
