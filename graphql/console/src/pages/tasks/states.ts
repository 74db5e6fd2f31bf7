export const TASK_STATES = ["OPEN", "DONE", "CANCELLED"] as const;
export type TaskState = (typeof TASK_STATES)[number];
