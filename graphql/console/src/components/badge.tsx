import type { ReactNode } from "react";
import css from "./badge.module.css";

/** A state in a word; its colour only helps. */
export function Badge({ tone = "plain", children }: { tone?: "plain" | "good" | "warn" | "alarm" | "info"; children: ReactNode }) {
  return <span className={`${css.badge} ${css[tone]}`}>{children}</span>;
}
