/** Objections and consents: done at once, with the way back beside it. */

import { msg } from "@lingui/core/macro";
import { useLingui } from "@lingui/react/macro";
import { useCommand } from "../../api/use_command";
import { useReversible } from "../harm";
import { GiveConsentMutation, ObjectMutation, WithdrawConsentMutation, WithdrawObjectionMutation } from "./documents";

export type Choices = ReturnType<typeof useChoices>;

/** A consent, as its withdrawal and the way back name it. */
export interface GivenConsent {
  id: string;
  purpose: string;
  category: string;
  recipient: { installationId: string } | null;
}

export function useChoices(refresh: () => void) {
  const { i18n } = useLingui();
  const reversible = useReversible();
  const objecting = useCommand(ObjectMutation);
  const takingBack = useCommand(WithdrawObjectionMutation);
  const withdrawing = useCommand(WithdrawConsentMutation);
  const consenting = useCommand(GiveConsentMutation);
  const then = async <Done>(doing: Promise<Done>) => {
    const done = await doing;
    if (done !== undefined) refresh();
    return done;
  };
  const agree = (input: Parameters<typeof consenting.run>[0]["input"]) => then(consenting.run({ input }));
  const takeBack = (objectionId: string) => then(takingBack.run({ input: { objectionId } }));
  return {
    commands: [objecting, takingBack, withdrawing, consenting],
    isRunning: [objecting, takingBack, withdrawing, consenting].some(({ isRunning }) => isRunning),
    /** Object to a purpose, a recipient, both, or to everything. */
    object: (input: { installationId?: string; purpose?: string }) => {
      let id = "";
      return reversible(
        async () => {
          const done = await then(objecting.run({ input }));
          id = done?.objection?.id ?? "";
          return done;
        },
        i18n._(msg`You objected: nothing more is sent, and what was sent under it is taken back.`),
        () => takeBack(id),
      );
    },
    takeBack: (objectionId: string) => takeBack(objectionId),
    /** Withdraw a consent, for one recipient where that is named. */
    withdraw: (consent: GivenConsent, installationId: string | null = null) =>
      reversible(
        () => then(withdrawing.run({ input: { consentId: consent.id, installationId } })),
        i18n._(msg`Your consent is withdrawn: nothing more is sent under it, and what was sent is taken back.`),
        () => agree({ purpose: consent.purpose, category: consent.category, installationId: installationId ?? consent.recipient?.installationId ?? null }),
      ),
    /** Agree that one recipient may do what its declaration says. */
    give: ({ purpose, category, installationId }: { purpose: string; category: string; installationId: string }) => {
      let given: GivenConsent | undefined;
      return reversible(
        async () => {
          const done = await agree({ purpose, category, installationId });
          given = done?.consent ? { id: done.consent.id, purpose, category, recipient: { installationId } } : undefined;
          return done;
        },
        i18n._(msg`You agreed. What is granted is sent from now on.`),
        () => (given ? then(withdrawing.run({ input: { consentId: given.id } })) : Promise.resolve(undefined)),
      );
    },
  };
}
