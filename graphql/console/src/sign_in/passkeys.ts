/** Passkeys: the server says what is to be signed, the browser shows a passkey, the server checks it. */

import { post, Refusal, type Session, type Step } from "./session";

interface Options {
  options: PublicKeyCredentialRequestOptionsJSON;
}

/** Whether this browser can show passkeys here: it needs a secure address, and JSON forms, which all have since 2025. */
export function canShowPasskeys(): boolean {
  return typeof PublicKeyCredential !== "undefined" && "parseRequestOptionsFromJSON" in PublicKeyCredential;
}

/** Pass a step of a sign-in by a passkey; `path` is the endpoint that checks it. */
export async function showPasskey(path: string, session: Session, asking = `${path}/options`): Promise<Step> {
  const { options } = await post<Options>(asking, {}, session);
  const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(options);
  const credential = await navigator.credentials.get({ publicKey }).catch(() => null);
  if (!credential) throw new Refusal("No passkey was used: try again, or choose another way.");
  return await post(path, { credential }, session);
}
