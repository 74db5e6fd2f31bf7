/** Uses that need a consent, each with the one that is in force for it. */

import type { Mine } from "./uses";

type Consent = Mine["myConsents"][number];

export interface Offer {
  key: string;
  installationId: string;
  integration: string;
  purpose: string;
  category: string;
  fields: string[];
  consent: Consent | undefined;
}

export function offersOf(mine: Mine): Offer[] {
  return mine.myRecipients.edges
    .filter(({ node }) => node.isConnected)
    .flatMap(({ node: { installationId, integration, uses } }) =>
      uses
        .filter(({ legalBasis }) => legalBasis === "CONSENT")
        .map(({ category, purpose, fields }) => ({
          key: [installationId, purpose, category].join(" "),
          installationId,
          integration,
          purpose,
          category,
          fields,
          consent: mine.myConsents.find((consent) => holds(consent, installationId, purpose, category)),
        })),
    );
}

function holds(consent: Consent, installationId: string, purpose: string, category: string): boolean {
  return (
    consent.withdrawnAt === null &&
    consent.purpose === purpose &&
    (consent.category === "" || consent.category === category) &&
    (consent.recipient === null || consent.recipient.installationId === installationId) &&
    !consent.withdrawnFor.some(({ recipient }) => recipient?.installationId === installationId)
  );
}
