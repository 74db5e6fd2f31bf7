import { Trans, useLingui } from "@lingui/react/macro";
import { useState } from "react";
import { Facts } from "../../components/facts";
import { TextInput } from "../../components/fields";
import { useFormats } from "../../language/formats";
import css from "./certificate.module.css";
import { Places } from "./places";
import { QrCode } from "./qr_code";
import { sha256, type Statement } from "./verifying";

interface Properties {
  text: string;
  digest: string;
  statement: Statement;
  kid: string;
}

const DENSE = 4_000;

/** What the certificate says, on one page, with all that somebody needs to check it again. */
export function Sheet({ text, digest, statement, kid }: Properties) {
  const { t } = useLingui();
  const formats = useFormats();
  const { iss, organisation, submitted_at: submitted, due_at: due, ended_at: ended, iat } = statement;
  return (
    <article className={css.sheet} data-dense={text.length > DENSE || undefined}>
      <div className={css.facts}>
        <Facts
          facts={[
            { label: t`Signed by`, value: <bdi>{iss}</bdi> },
            { label: t`Organisation`, value: <bdi>{organisation}</bdi> },
            { label: t`Asked`, value: formats.date(submitted) },
            { label: t`To be answered by`, value: formats.date(due) },
            { label: t`Ended`, value: formats.date(ended) },
            { label: t`Signed on`, value: formats.dateTime(new Date(iat * 1000)) },
          ]}
        />
        <QrCode text={`${location.origin}/console/certificate#sha256=${digest}`} label={t`QR code: leads to the page that checks this certificate`} />
      </div>
      {statement.rights.map((right, place) => (
        <Places key={place} right={right} />
      ))}
      <Reference statement={statement} />
      <h2>
        <Trans>To check it</Trans>
      </h2>
      <p>
        <Trans>
          Open the QR code, or save the text below as certificate.jws and the keys of <bdi>{`${iss}/.well-known/wardship-certificate-keys.json`}</bdi> as keys.json. Then:
        </Trans>
      </p>
      <pre className={css.command}>
        <code>wardship certificate verify certificate.jws --keys keys.json</code>
      </pre>
      <p className={css.small}>
        <Trans>
          Key <code>{kid}</code>, SHA-256 of the text <code>{digest}</code>. That the grades follow from the exchanges which the certificate holds is checked by this command.
        </Trans>
      </p>
      <code className={css.text} data-testid="certificate-text">
        {text}
      </code>
    </article>
  );
}

/** Whether it is one's own: the reference was told to the person alone. */
function Reference({ statement }: { statement: Statement }) {
  const { t } = useLingui();
  const [reference, setReference] = useState("");
  const [isYours, setIsYours] = useState<boolean>();
  const compare = async (typed: string) => {
    setReference(typed);
    setIsYours(typed.trim() ? (await sha256(typed.trim())) === statement.reference_sha256 : undefined);
  };
  return (
    <div className={css.reference}>
      <TextInput
        label={t`Is it yours? Your reference says so`}
        hint={<Trans>It was shown to you when you asked. It is sent nowhere.</Trans>}
        value={reference}
        onChange={(typed) => void compare(typed)}
        autoComplete="off"
        spellCheck="false"
      />
      <p role="status">
        {isYours === true && <Trans>Yes: this certificate belongs to your reference.</Trans>}
        {isYours === false && <Trans>This certificate belongs to another reference.</Trans>}
      </p>
    </div>
  );
}
