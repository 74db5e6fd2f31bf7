/** What can be asked for. Objections and consents are not among it: they take effect at once, without anybody deciding. */

export const ASKED = ["ACCESS", "PORTABILITY", "CORRECTION", "RESTRICTION", "ERASURE", "DEACTIVATION"] as const;
export type Asked = (typeof ASKED)[number];

/** What the provider holds of somebody who belongs to no organisation can be asked for in fewer ways. */
export const ASKED_OF_PROVIDER: readonly Asked[] = ["ACCESS", "PORTABILITY", "CORRECTION", "ERASURE", "DEACTIVATION"];
