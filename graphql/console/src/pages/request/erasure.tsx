/** An erasure: preview, decide on texts, commit exactly that preview, wait 14 days, call off. */

import { Trans, useLingui } from "@lingui/react/macro";
import { useState } from "react";
import { useCommand } from "../../api/use_command";
import { Refusals } from "../../components/act_failures";
import { Button, Buttons } from "../../components/button";
import { Reason } from "../../components/states";
import { CallOff } from "./call_off";
import { Commit } from "./commit";
import { Countdown } from "./countdown";
import { PreviewMutation } from "./acts/documents";
import { Finds } from "./finds";
import { PreviewFacts } from "./preview_facts";
import css from "./request.module.css";
import type { Preview, Request, Right } from "./types";
import { WhatChanged } from "./what_changed";

interface Properties {
  request: Request;
  right: Right;
  mayAct: boolean;
  refresh: () => void;
}

export function Erasure({ request, right, mayAct, refresh }: Properties) {
  const { t } = useLingui();
  const command = useCommand(PreviewMutation);
  const [before, setBefore] = useState<Preview>();
  const { state, preview } = right;
  const isOpen = state === "APPROVED" || state === "PREVIEWED" || state === "SCHEDULED";
  if (!isOpen) return preview && <Previewed preview={preview} />;
  const make = async (former?: Preview) => {
    setBefore(former);
    if (await command.run({ input: { rightId: right.id } })) refresh();
  };
  const shown = state === "APPROVED" ? null : preview;
  return (
    <div className={css.act}>
      {state === "SCHEDULED" && right.scheduledFor && <Countdown request={request} until={right.scheduledFor} />}
      {before && shown && <WhatChanged before={before} now={shown} />}
      {shown && state === "SCHEDULED" && <Previewed preview={shown} isOpen={shown.additions.length > 0} />}
      {shown && state === "PREVIEWED" && <PreviewFacts preview={shown} isOpen />}
      {shown && shown.listed > 0 && mayAct && <Finds request={request} right={right} preview={shown} onDecided={() => void make()} />}
      <Refusals refusals={command.refusals} />
      {command.failure && <Reason failure={command.failure} isAct />}
      {mayAct && state !== "PREVIEWED" && (
        <Buttons>
          <Button id={`preview-${right.id}`} kind={state === "APPROVED" ? "main" : "plain"} isPending={command.isRunning} onPress={() => void make(state === "SCHEDULED" ? undefined : (preview ?? undefined))}>
            {state === "APPROVED" ? t`Preview the erasure` : t`Look what came since`}
          </Button>
          {state === "SCHEDULED" && <CallOff request={request} right={right} refresh={refresh} />}
        </Buttons>
      )}
      {mayAct && state === "PREVIEWED" && preview && (
        <Commit request={request} right={right} preview={preview} isPreviewing={command.isRunning} onPreview={() => void make(preview)} refresh={refresh} />
      )}
    </div>
  );
}

/** What was committed, for who reads afterwards. */
function Previewed({ preview, isOpen = false }: { preview: Preview; isOpen?: boolean }) {
  return (
    <details className={css.more} open={isOpen}>
      <summary>
        <Trans>What was previewed</Trans>
      </summary>
      <PreviewFacts preview={preview} isOpen={false} />
    </details>
  );
}
