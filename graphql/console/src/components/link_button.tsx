import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import css from "./button.module.css";

interface Properties {
  kind?: "main" | "plain" | "quiet";
  /** An address below `/console`. */
  to: string;
  children: ReactNode;
}

/** A link that looks like a button: it goes somewhere, and changes nothing. */
export function LinkButton({ kind = "plain", to, children }: Properties) {
  return (
    <Link to={to} className={`${css.button} ${css[kind]}`}>
      {children}
    </Link>
  );
}
