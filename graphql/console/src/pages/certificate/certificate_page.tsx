import { Trans, useLingui } from "@lingui/react/macro";
import { useCallback, useEffect, useState } from "react";
import { PageFrame } from "../../components/page_frame";
import { Button } from "../../components/button";
import { Section } from "../../components/section";
import { OutcomeProvider } from "../../shell/outcomes";
import css from "./certificate.module.css";
import { Given } from "./given";
import { Sheet } from "./sheet";
import { isKeySet, type KeySet, sha256, type Verdict, verify, withoutSpaces } from "./verifying";
import { FaultWords } from "./fault_words";

const KEYS = "/.well-known/wardship-certificate-keys.json";
const DIGEST = "sha256=";

interface Checked {
  text: string;
  digest: string;
  verdict: Verdict;
}

export default function CertificatePage() {
  const { t } = useLingui();
  const [keys, setKeys] = useState<KeySet>();
  const [given, setGiven] = useState(() => fromAddress().text);
  const [checked, setChecked] = useState<Checked>();
  const [hasNoKeys, setHasNoKeys] = useState(false);
  const printed = fromAddress().digest;
  const loadKeys = useCallback(async () => {
    setHasNoKeys(false);
    const found = await fetch(KEYS)
      .then((response) => response.text())
      .then(isKeySet, () => undefined);
    setKeys(found);
    setHasNoKeys(!found);
  }, []);
  useEffect(() => void loadKeys(), [loadKeys]);
  useEffect(() => {
    if (!given || !keys) return;
    void Promise.all([verify(given, keys), sha256(given)]).then(([verdict, digest]) => setChecked({ text: given, digest, verdict }));
  }, [given, keys]);
  const take = (text: string) => {
    const set = isKeySet(text);
    if (set) setKeys(set);
    else setGiven(withoutSpaces(text));
  };
  const isOther = printed && checked && checked.digest !== printed;
  return (
    <OutcomeProvider>
      <main id="main" className={css.page}>
        <PageFrame
          title={t`Certificate`}
          about={<Trans>Whether a certificate is genuine is found out here, in your browser: it is sent nowhere. You need no account.</Trans>}
          actions={
            checked?.verdict.statement && (
              <Button kind="main" onPress={() => print()}>
                <Trans>Print on one page</Trans>
              </Button>
            )
          }
        >
          <div role="alert">
            {hasNoKeys && (
              <p>
                <Trans>The keys of this deployment could not be had. Drop a file with them here, or try again.</Trans>{" "}
                <Button onPress={() => void loadKeys()}>
                  <Trans>Try again</Trans>
                </Button>
              </p>
            )}
            {checked?.verdict.fault && <FaultWords fault={checked.verdict.fault} />}
            {isOther && (
              <p className={css.bad}>
                <Trans>This is another certificate than the one that was printed.</Trans>
              </p>
            )}
          </div>
          <div role="status">
            {checked?.verdict.statement && !isOther && (
              <p className={css.good}>
                <Trans>The certificate is genuine: a key of this deployment has signed exactly this.</Trans>
              </p>
            )}
          </div>
          {checked?.verdict.statement && <Sheet text={checked.text} digest={checked.digest} statement={checked.verdict.statement} kid={checked.verdict.key} />}
          <Section title={checked ? t`Check another` : t`The certificate`} about={printed && !checked ? <Trans>You come from a printed page: give the file that belongs to it.</Trans> : undefined}>
            <Given onGiven={take} />
          </Section>
        </PageFrame>
      </main>
    </OutcomeProvider>
  );
}

/** After the # stands a certificate, or the digest of a printed one; browsers send neither. */
function fromAddress(): { text: string; digest: string } {
  const fragment = location.hash.slice(1);
  return fragment.startsWith(DIGEST) ? { text: "", digest: fragment.slice(DIGEST.length) } : { text: withoutSpaces(fragment), digest: "" };
}
