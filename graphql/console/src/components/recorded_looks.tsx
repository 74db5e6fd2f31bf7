import { Plural } from "@lingui/react/macro";
import css from "./recorded_looks.module.css";

/** Says in whose access logs this look at a page stands; those people can read there who looked. */
export function RecordedLooks({ people }: { people: number }) {
  if (people === 0) return null;
  return (
    <p className={css.looks}>
      <Plural value={people} one="Recorded in # person’s access log." other="Recorded in # people’s access logs." />
    </p>
  );
}
