import { Trans } from "@lingui/react/macro";
import { Deadline } from "../../components/moment";
import type { DomainDetails } from "./words";

/** What the state means, what happens next and by when, and who can do something about it. */
export function StateStory({ domain }: { domain: DomainDetails }) {
  const { state, stateUntil, contestedUntil, quarantinedUntil } = domain;
  return (
    <>
      <p>
        <Story state={state} until={stateUntil} />
      </p>
      {contestedUntil && state !== "CONTESTED" && (
        <p>
          <Trans>
            Another organisation has proven this domain. Have a new record issued, place it, and have it looked for by{" "}
            <Deadline at={contestedUntil} />: then the domain stays yours. If nobody does, it passes to the other.
          </Trans>
        </p>
      )}
      {quarantinedUntil && (
        <p>
          <Trans>Somebody else held this domain before. Until the quarantine is over, accounts that exist there are not asked.</Trans>
        </p>
      )}
    </>
  );
}

function Story({ state, until }: { state: DomainDetails["state"]; until: string | null }) {
  const deadline = until ? <Deadline at={until} /> : null;
  switch (state) {
    case "PENDING":
      return <Trans>Place the record below in the DNS of the domain and have it looked for, by {deadline}. After that the claim expires; nothing else happens, and you can begin again.</Trans>;
    case "VERIFIED":
      return <Trans>Your organisation holds this domain. Leave the record where it is: it is looked for every week.</Trans>;
    case "GRACE":
      return <Trans>The record was missed three times. You still hold the domain, but nobody joins by it meanwhile. Place a new record by {deadline}; if nobody does, the domain counts as not proven.</Trans>;
    case "SUSPENDED":
      return <Trans>The domain is not proven any more. Of members who joined by it you see address and state alone, and nothing is shared about them. Place a new record by {deadline}, and all is as before; otherwise the domain is let go of.</Trans>;
    case "CONTESTED":
      return <ContestedStory until={until} />;
    case "DISPUTED":
      return <Trans>Both sides have proven the domain, so its holder keeps it for now. You can say why it is yours; the provider alone reads that and may decide. If nobody does by {deadline}, it stays with its holder.</Trans>;
    case "RELEASED":
      return <Trans>Your organisation has let go of this domain. Nothing was deleted; it can be claimed and proven again.</Trans>;
    case "EXPIRED":
      return <Trans>The claim ended without proof. Nothing was deleted; it can be claimed again.</Trans>;
    case "TRANSFERRED":
      return <Trans>Another organisation has proven this domain and holds it now. Nothing was deleted.</Trans>;
  }
}

function ContestedStory({ until }: { until: string | null }) {
  if (!until) return <Trans>You have proven the domain, but another organisation holds it and can’t answer at the moment. The claim waits; the record is looked for every week.</Trans>;
  return (
    <Trans>
      You have proven the domain, but another organisation holds it and was asked. If it is silent until <Deadline at={until} />, the domain is
      yours. Leave the record where it is.
    </Trans>
  );
}
