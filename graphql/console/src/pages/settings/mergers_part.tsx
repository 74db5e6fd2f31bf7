import { Trans } from "@lingui/react/macro";
import { useState } from "react";
import { Button } from "../../components/button";
import { opened } from "../../components/opened";
import { Empty } from "../../components/states";
import { MergerCard } from "./merger_card";
import type { Merger, Organisation } from "./words";

const OfferMergerDialog = opened(() => import("./offer_merger_dialog"), "OfferMergerDialog");

interface Properties {
  organisation: Organisation;
  mergers: Merger[];
  isOwner: boolean;
  refresh: () => void;
}

/** Mergers in which the organisation takes or took part. */
export function MergersPart({ organisation, mergers, isOwner, refresh }: Properties) {
  const [isOffering, setIsOffering] = useState(false);
  const offer = isOwner && organisation.state === "active" && (
    <Button onPress={() => setIsOffering(true)}>
      <Trans>Become part of another organisation …</Trans>
    </Button>
  );
  return (
    <>
      {mergers.length === 0 ? (
        <Empty act={offer}>
          <Trans>When this organisation is to become part of another, or another of this one, that stands here: first as an offer, with what it would bring in numbers.</Trans>
        </Empty>
      ) : (
        <>
          {mergers.toReversed().map((merger) => (
            <MergerCard key={merger.id} merger={merger} slug={organisation.slug} isOwner={isOwner} refresh={refresh} />
          ))}
          {offer}
        </>
      )}
      {isOffering && <OfferMergerDialog onClose={() => setIsOffering(false)} onDone={refresh} />}
    </>
  );
}
