import { Trans } from "@lingui/react/macro";
import { Deadline } from "../../components/moment";
import { Link } from "@tanstack/react-router";
import { useViewer } from "../../shell/viewer";
import type { ResultOf } from "../../api/graphql";
import type { HomeQuery } from "./documents";
import css from "./home.module.css";
import { homeRoute } from "./route";
import { settingsRoute } from "../settings/route";

/** What concerns everybody, or oneself: that the organisation is being closed, that it is offered to one. */
export function Concerns({ organisation }: { organisation: ResultOf<typeof HomeQuery>["organisation"] }) {
  const me = useViewer()?.member?.id;
  const { state, stateUntil, ownershipTransfer: offer } = organisation;
  return (
    <>
      {state === "leaving" && stateUntil && (
        <p role="alert" className={css.alarm}>
          <Trans>
            This organisation is being closed. Everything of it is erased on <Deadline at={stateUntil} />, unless its owner keeps it before. Take a copy
            of your data until then.
          </Trans>
        </p>
      )}
      {offer && offer.toMember?.id === me && (
        <p role="status" className={css.concern}>
          <Trans>
            You are offered the ownership of this organisation, until <Deadline at={offer.expiresAt} />. <OfferLink />
          </Trans>
        </p>
      )}
    </>
  );
}

function OfferLink() {
  const { organisation } = homeRoute.useParams();
  return (
    <Link to={settingsRoute.to} params={{ organisation }} search={{ tab: "ownership" }}>
      <Trans>Look at the offer</Trans>
    </Link>
  );
}
