import { Trans, useLingui } from "@lingui/react/macro";
import { Download, ShieldCheck } from "lucide-react";
import { Button, Buttons } from "../../../components/button";
import button from "../../../components/button.module.css";
import { Section } from "../../../components/section";
import { saveFile } from "../../../components/saving";
import type { Installation } from "./installation_page";

/** What is left of a third party that was taken away: the certificate of what it gave back. */
export function Tombstone({ installation: { certificate, removedAt, integrationKey } }: { installation: Installation }) {
  const { t } = useLingui();
  if (removedAt === null) return null;
  if (!certificate) {
    return (
      <Section title={t`Certificate`}>
        <p>
          <Trans>It is being made: look again in a minute.</Trans>
        </p>
      </Section>
    );
  }
  const name = `${integrationKey}-${removedAt.slice(0, 10)}.jws`;
  return (
    <Section
      title={t`Certificate`}
      about={<Trans>What was given back where, and how that is proven: signed, counted, and without anybody’s name. Whoever has it can check it without asking anybody.</Trans>}
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
