import { msg } from "@lingui/core/macro";
import type { MessageDescriptor } from "@lingui/core";
import { useLingui } from "@lingui/react/macro";
import css from "./certificate.module.css";
import type { Fault } from "./verifying";

const FAULTS: Record<Fault, MessageDescriptor> = {
  malformed: msg`This is no certificate: it is cut off, or another kind of file.`,
  another_kind: msg`This is signed, but it is no certificate.`,
  newer_version: msg`This certificate is of a newer kind than this page reads.`,
  unknown_key: msg`None of the keys here has signed this. If it is another deployment's, drop the file with its keys here, too.`,
  changed: msg`The signature does not fit: the certificate was changed since it was signed. Do not rely on it.`,
  unsupported: msg`Your browser can't check such signatures (Ed25519). Take a newer one, or check it with “wardship certificate verify”.`,
};

/** Why a certificate can't be relied on. */
export function FaultWords({ fault }: { fault: Fault }) {
  const { i18n } = useLingui();
  return <p className={css.bad}>{i18n._(FAULTS[fault])}</p>;
}
