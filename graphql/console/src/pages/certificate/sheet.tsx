import { Trans, useLingui } from "@lingui/react/macro";
import { Facts } from "../../components/facts";
import { useFormats } from "../../language/formats";
import css from "./certificate.module.css";
import { QrCode } from "./qr_code";
import { RightsPart } from "./rights_part";
import { UninstallationPart } from "./uninstallation_part";
import { type Certified, isOfUninstallation } from "./verifying";

interface Properties {
  text: string;
  digest: string;
  statement: Certified;
  kid: string;
}

const DENSE = 4_000;

/** What the certificate says, on one page, with all that somebody needs to check it again. */
export function Sheet({ text, digest, statement, kid }: Properties) {
  const { t } = useLingui();
  const formats = useFormats();
  const { iss, organisation, ended_at: ended, iat } = statement;
  const facts = isOfUninstallation(statement)
    ? [
        { label: t`Integration`, value: <bdi>{`${statement.integration} ${statement.integration_version}`}</bdi> },
        { label: t`Vendor`, value: <bdi>{`${statement.vendor} (${formats.country(statement.country)})`}</bdi> },
        { label: t`Connected`, value: formats.date(statement.installed_at) },
        { label: t`Taken away`, value: formats.date(ended) },
      ]
    : [
        { label: t`Asked`, value: formats.date(statement.submitted_at) },
        { label: t`To be answered by`, value: formats.date(statement.due_at) },
        { label: t`Ended`, value: formats.date(ended) },
      ];
  return (
    <article className={css.sheet} data-dense={text.length > DENSE || undefined}>
      <div className={css.facts}>
        <Facts
          facts={[
            { label: t`Signed by`, value: <bdi>{iss}</bdi> },
            { label: t`Organisation`, value: <bdi>{organisation}</bdi> },
            ...facts,
            { label: t`Signed on`, value: formats.dateTime(new Date(iat * 1000)) },
          ]}
        />
        <QrCode text={`${location.origin}/console/certificate#sha256=${digest}`} label={t`QR code: leads to the page that checks this certificate`} />
      </div>
      {isOfUninstallation(statement) ? <UninstallationPart statement={statement} /> : <RightsPart statement={statement} />}
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
