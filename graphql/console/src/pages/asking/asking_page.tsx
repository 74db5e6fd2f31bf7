import { Trans, useLingui } from "@lingui/react/macro";
import { useParams } from "@tanstack/react-router";
import { useState } from "react";
import type { ResultOf } from "../../api/graphql";
import { useSession } from "../../api/session_store";
import { useCommand } from "../../api/use_command";
import { usePage } from "../../api/use_page";
import { CommandForm } from "../../components/command_form";
import { PageFrame } from "../../components/page_frame";
import { Section } from "../../components/section";
import { Part } from "../../components/states";
import { Corrections, type Correction, toFields } from "./corrections";
import { CopyOf } from "./copy_of";
import { AskingQuery, SubmitMutation } from "./documents";
import { Kinds } from "./kinds";
import { ASKED, ASKED_OF_PROVIDER, type Asked } from "./rights";
import { askingRoute } from "./route";
import { Sent } from "./sent";
import { Terms } from "./terms";

export type Submitted = ResultOf<typeof SubmitMutation>["submitRequest"];

export default function AskingPage() {
  const { t } = useLingui();
  const { kind } = askingRoute.useSearch();
  const { organisation } = useParams({ strict: false });
  const isAtProvider = useSession().session.provider === organisation;
  const [kinds, setKinds] = useState<readonly Asked[]>([kind ?? "ACCESS"]);
  const [isAboutAccount, setIsAboutAccount] = useState(false);
  const [corrections, setCorrections] = useState<readonly Correction[]>([{ name: "displayName", value: "" }]);
  const [country, setCountry] = useState<string>();
  const [work, setWork] = useState("");
  const [sent, setSent] = useState<Submitted>();
  const asked = usePage(AskingQuery, { country: country ?? null, work });
  const command = useCommand(SubmitMutation);
  const send = async () => {
    const rights = kinds.map((one) => ({
      kind: one,
      ...(one === "CORRECTION" ? { fields: toFields(corrections) } : {}),
      ...(one === "ACCESS" || one === "PORTABILITY" ? { isAboutAccount: isAboutAccount && !isAtProvider } : {}),
    }));
    const done = await command.run({ input: { rights, country: country ?? null, workCountry: work } });
    if (done) setSent(done);
  };
  if (sent?.request) return <Sent sent={sent} request={sent.request} />;
  const isCopy = kinds.includes("ACCESS") || kinds.includes("PORTABILITY");
  return (
    <PageFrame
      title={t`Ask about my data`}
      about={<Trans>Say what you want; you need not say why, and it costs nothing. Objections and consents need no request: they stand under “Choices” and take effect at once.</Trans>}
    >
      <CommandForm act={t`Send`} isReady={kinds.length > 0} onSubmit={send} command={command} fields={["country", "workCountry", "fields"]}>
        <Section title={t`What do you want?`}>
          <Kinds offered={isAtProvider ? ASKED_OF_PROVIDER : ASKED} chosen={kinds} onChange={setKinds} />
        </Section>
        {isCopy && !isAtProvider && <CopyOf isAboutAccount={isAboutAccount} onChange={setIsAboutAccount} />}
        {kinds.includes("CORRECTION") && (
          <Corrections corrections={corrections} onChange={setCorrections} isAtProvider={isAtProvider} refusals={command.refusals} />
        )}
        <Section title={t`By when you get an answer`}>
          <Part asked={asked} lines={3}>
            {asked.data && (
              <Terms
                terms={asked.data.requestTerms}
                country={country ?? asked.data.requestTerms.country}
                onCountry={setCountry}
                work={work}
                onWork={setWork}
                refusals={command.refusals}
              />
            )}
          </Part>
        </Section>
      </CommandForm>
    </PageFrame>
  );
}
