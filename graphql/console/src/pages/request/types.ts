import type { ResultOf } from "../../api/graphql";
import { useViewer } from "../../shell/viewer";
import type { Handler } from "../../words/requests";
import type { PreviewFields, RequestFields, RightFields } from "./documents";

export type Request = ResultOf<typeof RequestFields>;
export type Right = ResultOf<typeof RightFields>;
export type Preview = ResultOf<typeof PreviewFields>;

/** What somebody may do on this request. */
export interface Deciding {
  /** Nobody decides on the own request. */
  isOwn: boolean;
  decides: (handler: Handler) => boolean;
}

export function useDeciding(request: Request | undefined): Deciding {
  const viewer = useViewer();
  const isOwn = viewer?.member != null && viewer.member.id === request?.member?.id;
  return {
    isOwn,
    decides: (handler) =>
      !isOwn && viewer?.permissions.includes(handler === "ADMIN" ? "REQUESTS_DECIDE" : "REQUESTS_DECIDE_ESCALATED") === true,
  };
}
