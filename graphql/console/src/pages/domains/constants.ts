/** States of the API's claims of accounts, as the address names them. */
export const CLAIM_STATES = ["NOTIFIED", "UNDECIDED", "MANAGED", "DETACHED", "CLOSED", "EXEMPT", "RELEASED"] as const;
export type ClaimState = (typeof CLAIM_STATES)[number];
