import { Trans } from "@lingui/react/macro";
import css from "./request.module.css";
import type { Request, Right } from "./types";

interface Properties {
  request: Request;
  right: Right;
  mayAct: boolean;
}

/** Who acts next, in a sentence; nothing where the card itself says it. */
export function Standing({ request, right, mayAct }: Properties) {
  const words = sentence(request, right, mayAct);
  return words && <p className={css.hint}>{words}</p>;
}

function sentence(request: Request, right: Right, mayAct: boolean) {
  switch (right.state) {
    case "SUBMITTED":
      return <Trans>The person has not proven the identity yet: nothing can be decided. A code was mailed.</Trans>;
    case "WITH_ADMIN":
      return mayAct ? null : <Trans>An administrator or privacy officer of the organisation decides.</Trans>;
    case "WITH_PRIVACY_TEAM":
    case "ESCALATED":
    case "REFUSED":
      return mayAct ? null : <Trans>The provider's privacy team decides.</Trans>;
    case "APPROVED":
      return right.kind === "ERASURE" ? (
        <Trans>Agreed. Nothing is erased before somebody has previewed it and committed that preview.</Trans>
      ) : (
        <Trans>Agreed. It is carried out by itself within a minute.</Trans>
      );
    case "IN_PROGRESS":
    case "AWAITING_VENDORS":
      return <Trans>Done here. Recipients are being asked, again and again until each has answered.</Trans>;
    case "ATTESTING":
      return <Trans>Recipients have answered. What they did is being proven.</Trans>;
    case "WITHDRAWN":
      return <Trans>The person took it back.</Trans>;
    case "EXPIRED":
      return <Trans>The identity was not proven within 14 days.</Trans>;
    case "DENIED":
      return request.complainTo.length > 0 ? (
        <Trans>The person was told where to complain: {request.complainTo.map(({ name }) => name).join(", ")}.</Trans>
      ) : null;
    default:
      return null;
  }
}
