import { Trans, useLingui } from "@lingui/react/macro";
import { useParams } from "@tanstack/react-router";
import { CopyText } from "../../components/copy_text";
import { LinkButton } from "../../components/link_button";
import { Deadline } from "../../components/moment";
import { PageFrame } from "../../components/page_frame";
import { Section } from "../../components/section";
import { Proof } from "../../components/identity/proof";
import { useState } from "react";
import type { Submitted } from "./asking_page";

/** What happens now: the code that proves who asked, the day of the answer, and the reference that is told once. */
export function Sent({ sent, request }: { sent: Submitted; request: NonNullable<Submitted["request"]> }) {
  const { t } = useLingui();
  const { organisation = "" } = useParams({ strict: false });
  const [isProven, setIsProven] = useState(request.identity === "VERIFIED");
  return (
    <PageFrame title={isProven ? t`Your request is on its way` : t`One more step: show that it is you`}>
      {!isProven && <Proof requestId={request.id} onProven={() => setIsProven(true)} />}
      <Section title={t`What happens now`}>
        <p>
          <Trans>
            You get an answer by <Deadline at={request.dueAt} />. You are told each step by mail and in the console.
          </Trans>
        </p>
        <LinkButton kind={isProven ? "main" : "plain"} to={`/o/${encodeURIComponent(organisation)}/me/requests/${encodeURIComponent(request.id)}`}>
          <Trans>To my request</Trans>
        </LinkButton>
      </Section>
      {sent.reference && (
        <Section
          title={t`Keep this reference`}
          about={<Trans>It opens the signed certificate of what was done, even when your account is gone. It is shown this once.</Trans>}
        >
          <CopyText label={t`Reference`} text={sent.reference} />
        </Section>
      )}
    </PageFrame>
  );
}
