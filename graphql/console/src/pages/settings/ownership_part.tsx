import { Trans, useLingui } from "@lingui/react/macro";
import { useState } from "react";
import { useCommand } from "../../api/use_command";
import { ActFailures } from "../../components/act_failures";
import { Button, Buttons } from "../../components/button";
import { Deadline } from "../../components/moment";
import { opened } from "../../components/opened";
import { Person } from "../../components/person";
import { Section } from "../../components/section";
import { useTell } from "../../shell/outcomes";
import { useViewer } from "../../shell/viewer";
import { CancelOwnershipMutation, DeclineOwnershipMutation } from "./documents";
import type { Organisation } from "./words";

const AcceptOwnershipDialog = opened(() => import("./accept_ownership_dialog"), "AcceptOwnershipDialog");
const OfferOwnershipDialog = opened(() => import("./offer_ownership_dialog"), "OfferOwnershipDialog");

interface Properties {
  organisation: Organisation;
  isOwner: boolean;
  refresh: () => void;
}

/** Whose the organisation is, and an offer of it that is open. */
export function OwnershipPart({ organisation, isOwner, refresh }: Properties) {
  const { t } = useLingui();
  const [isOffering, setIsOffering] = useState(false);
  const offer = organisation.ownershipTransfer;
  const me = useViewer()?.member?.id;
  return (
    <Section title={t`Ownership`} about={<Trans>One member owns the organisation: only the owner closes it, gives it on, or merges it. Nobody else can take it.</Trans>}>
      {offer ? (
        offer.toMember?.id === me ? (
          <Offered offer={offer} refresh={refresh} />
        ) : (
          <Open offer={offer} refresh={refresh} />
        )
      ) : (
        isOwner && (
          <>
            <p>
              <Trans>You own this organisation.</Trans>
            </p>
            <Buttons>
              <Button onPress={() => setIsOffering(true)}>
                <Trans>Offer it to another member …</Trans>
              </Button>
            </Buttons>
          </>
        )
      )}
      {isOffering && <OfferOwnershipDialog onClose={() => setIsOffering(false)} onDone={refresh} />}
    </Section>
  );
}

type Offer = NonNullable<Organisation["ownershipTransfer"]>;

function Open({ offer, refresh }: { offer: Offer; refresh: () => void }) {
  const { t } = useLingui();
  const tell = useTell();
  const command = useCommand(CancelOwnershipMutation);
  const cancel = async () => {
    if (await command.run({ input: { transferId: offer.id } })) tell({ text: t`The offer was taken back.` });
    refresh();
  };
  return (
    <>
      <p>
        <Trans>
          It is offered to <Person person={offer.toMember} />. If nobody answers, the offer ends on <Deadline at={offer.expiresAt} />, and all stays
          as it is.
        </Trans>
      </p>
      <Buttons>
        <Button isPending={command.isRunning} onPress={() => void cancel()}>
          <Trans>Take the offer back</Trans>
        </Button>
      </Buttons>
      <ActFailures commands={[command]} />
    </>
  );
}

function Offered({ offer, refresh }: { offer: Offer; refresh: () => void }) {
  const { t } = useLingui();
  const tell = useTell();
  const [isAccepting, setIsAccepting] = useState(false);
  const command = useCommand(DeclineOwnershipMutation);
  const decline = async () => {
    if (await command.run({ input: { transferId: offer.id } })) tell({ text: t`You have declined. The owner is told.` });
    refresh();
  };
  return (
    <>
      <p>
        <Trans>
          <Person person={offer.fromMember} /> offers you this organisation. If you don’t answer, the offer ends on <Deadline at={offer.expiresAt} />
          , and nothing changes.
        </Trans>
      </p>
      <Buttons>
        <Button kind="main" onPress={() => setIsAccepting(true)}>
          <Trans>Accept …</Trans>
        </Button>
        <Button isPending={command.isRunning} onPress={() => void decline()}>
          <Trans>Decline</Trans>
        </Button>
      </Buttons>
      <ActFailures commands={[command]} />
      {isAccepting && <AcceptOwnershipDialog transferId={offer.id} onClose={() => setIsAccepting(false)} onDone={refresh} />}
    </>
  );
}
