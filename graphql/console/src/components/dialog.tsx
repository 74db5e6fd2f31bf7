import type { ReactNode } from "react";
import { opened } from "./opened";

const DialogWindow = opened(() => import("./dialog_window"), "DialogWindow");

export interface DialogProperties {
  title: string;
  /** Left out: it can't be closed without an answer. */
  onClose?: () => void;
  /** For what can't be taken back: read out at once. */
  isAlert?: boolean;
  children: ReactNode;
}

/** A dialog over the page; Esc closes it. It is there as long as it is rendered. */
export function Dialog(properties: DialogProperties) {
  return <DialogWindow {...properties} />;
}
