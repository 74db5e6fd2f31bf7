import { msg } from "@lingui/core/macro";
import type { MessageDescriptor } from "@lingui/core";
import type { TaskState } from "./states";

export const TASK_STATE_NAMES: Record<TaskState, MessageDescriptor> = { OPEN: msg`Open`, DONE: msg`Done`, CANCELLED: msg`Given up or no longer needed` };
export const TASK_STATE_TONES = { OPEN: "warn", DONE: "good", CANCELLED: "plain" } as const;
