import { Trans, useLingui } from "@lingui/react/macro";
import { Download, ShieldCheck } from "lucide-react";
import { Button, Buttons } from "../../components/button";
import button from "../../components/button.module.css";
import { Section } from "../../components/section";
import type { OwnRequest } from "./my_request_page";
import { saveFile } from "../../components/saving";

/** The signed certificate, to keep, to check and to print. */
export function Certificate({ request: { certificate, endedAt } }: { request: OwnRequest }) {
  const { t } = useLingui();
  if (!certificate) return null;
  const name = `certificate-${endedAt?.slice(0, 10)}.jws`;
  return (
    <Section
      title={t`Certificate`}
      about={<Trans>What was asked, decided and done, with whom, by when and how it is proven: signed, and without your name. Anybody can check it, also without us.</Trans>}
    >
      <Buttons>
        {/* The certificate goes along after the #, which browsers send to nobody. */}
        <a className={`${button.button} ${button.main}`} href={`/console/certificate#${certificate}`} target="_blank" rel="noopener noreferrer">
          <ShieldCheck aria-hidden />
          <Trans>Check and print</Trans>
        </a>
        <Button onPress={() => saveFile(new Blob([certificate], { type: "application/jose" }), name)}>
          <Download aria-hidden />
          <Trans>Keep as a file</Trans>
        </Button>
      </Buttons>
    </Section>
  );
}
