import type { ReactNode } from "react";
import css from "./facts.module.css";

export interface Fact {
  label: string;
  /** Left out where there is none. */
  value: ReactNode;
}

/** What is known of an object, each with its name; what nobody knows is not there. */
export function Facts({ facts }: { facts: readonly Fact[] }) {
  const known = facts.filter(({ value }) => value !== null && value !== undefined && value !== "");
  if (known.length === 0) return null;
  return (
    <dl className={css.facts}>
      {known.map(({ label, value }) => (
        <div key={label}>
          <dt>{label}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
