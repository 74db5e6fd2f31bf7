import { Trans, useLingui } from "@lingui/react/macro";
import { useState } from "react";
import { useCommand } from "../../api/use_command";
import { ActFailures } from "../../components/act_failures";
import { Badge } from "../../components/badge";
import { Button, Buttons } from "../../components/button";
import { Day } from "../../components/moment";
import { opened } from "../../components/opened";
import { Section } from "../../components/section";
import { useTell } from "../../shell/outcomes";
import { DeclineMergerMutation, WithdrawMergerMutation } from "./documents";
import { MergerFigures } from "./merger_figures";
import { MergerStory } from "./merger_story";
import { type Merger, MERGER_STATES } from "./words";

const AcceptMergerDialog = opened(() => import("./accept_merger_dialog"), "AcceptMergerDialog");

interface Properties {
  merger: Merger;
  /** Of the organisation whose page it is. */
  slug: string;
  isOwner: boolean;
  refresh: () => void;
}

export function MergerCard({ merger, slug, isOwner, refresh }: Properties) {
  const { t, i18n } = useLingui();
  const target = merger.targetName ?? merger.targetSlug;
  return (
    <Section title={t`${merger.sourceName} into ${target}`}>
      <p>
        <Badge tone={merger.state === "OFFERED" || merger.state === "ANNOUNCED" ? "warn" : "plain"}>{i18n._(MERGER_STATES[merger.state])}</Badge>{" "}
        <Trans>
          since <Day at={merger.stateSince} />
        </Trans>
      </p>
      <MergerStory merger={merger} />
      {merger.preview && <MergerFigures preview={merger.preview} />}
      {isOwner && <MergerActs merger={merger} isSource={merger.sourceSlug === slug} refresh={refresh} />}
    </Section>
  );
}

function MergerActs({ merger, isSource, refresh }: { merger: Merger; isSource: boolean; refresh: () => void }) {
  const { t } = useLingui();
  const tell = useTell();
  const [isAccepting, setIsAccepting] = useState(false);
  const declining = useCommand(DeclineMergerMutation);
  const withdrawing = useCommand(WithdrawMergerMutation);
  const input = { input: { mergerId: merger.id } };
  const decline = async () => {
    if (await declining.run(input)) tell({ text: t`The offer was declined.` });
    refresh();
  };
  const withdraw = async () => {
    if (await withdrawing.run(input)) tell({ text: t`The merger was called off.` });
    refresh();
  };
  const isOffered = merger.state === "OFFERED";
  return (
    <>
      <Buttons>
        {isOffered && !isSource && (
          <>
            <Button kind="main" onPress={() => setIsAccepting(true)}>
              <Trans>Accept …</Trans>
            </Button>
            <Button isPending={declining.isRunning} onPress={() => void decline()}>
              <Trans>Decline</Trans>
            </Button>
          </>
        )}
        {((isOffered && isSource) || merger.state === "ANNOUNCED") && (
          <Button isPending={withdrawing.isRunning} onPress={() => void withdraw()}>
            {isOffered ? <Trans>Take the offer back</Trans> : <Trans>Call it off</Trans>}
          </Button>
        )}
      </Buttons>
      <ActFailures commands={[declining, withdrawing]} />
      {isAccepting && merger.preview && <AcceptMergerDialog merger={merger} preview={merger.preview} onClose={() => setIsAccepting(false)} onDone={refresh} />}
    </>
  );
}
