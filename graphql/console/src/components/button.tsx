import type { ReactNode, Ref } from "react";
import { Button as AriaButton, type ButtonProps } from "react-aria-components";
import css from "./button.module.css";

interface Properties extends Omit<ButtonProps, "className" | "children"> {
  /** `main` for the one act of a page or dialog, `danger` for what can't be taken back, `quiet` beside others. */
  kind?: "main" | "plain" | "quiet" | "danger" | "icon";
  className?: string | undefined;
  ref?: Ref<HTMLButtonElement>;
  children?: ReactNode;
}

export function Button({ kind = "plain", className = "", ...rest }: Properties) {
  return <AriaButton {...rest} className={`${css.button} ${css[kind]} ${className}`} />;
}

/** Buttons beside each other, which wrap. */
export function Buttons({ children }: { children: ReactNode }) {
  return <div className={css.buttons}>{children}</div>;
}
