/** Approve at once, approve in part, or refuse: each says before what follows. */

import { Trans, useLingui } from "@lingui/react/macro";
import { useState } from "react";
import { useCommand } from "../../api/use_command";
import { Refusals } from "../../components/act_failures";
import { Button, Buttons } from "../../components/button";
import { Reason } from "../../components/states";
import { useTell } from "../../shell/outcomes";
import { ApproveMutation } from "./acts/documents";
import { LimitForm } from "./limit_form";
import { RefuseForm } from "./refuse_form";
import { particularsOf } from "./details";
import css from "./request.module.css";
import type { Request, Right } from "./types";
import { APPROVAL_EFFECTS } from "./words";

interface Properties {
  request: Request;
  right: Right;
  refresh: () => void;
}

type Mode = "limit" | "refuse" | null;

const LIMITABLE = new Set(["ACCESS", "PORTABILITY", "ERASURE", "RESTRICTION"]);

export function Decide({ request, right, refresh }: Properties) {
  const { i18n, t } = useLingui();
  const tell = useTell();
  const [mode, setMode] = useState<Mode>(null);
  const command = useCommand(ApproveMutation);
  const close = () => setMode(null);
  const approved = () => {
    tell({ text: right.kind === "ERASURE" ? t`Approved. Next, preview what would be erased.` : t`Approved: it is being carried out, and the person is told.` });
    close();
    refresh();
  };
  const approve = async () => {
    if (!command.isRunning && (await command.run({ input: { rightId: right.id } }))) approved();
  };
  if (mode === "limit") return <LimitForm right={right} onCancel={close} onDone={approved} />;
  if (mode === "refuse") return <RefuseForm request={request} right={right} onCancel={close} onDone={refresh} />;
  const isPartial = LIMITABLE.has(right.kind) || Object.keys(particularsOf(right).fields ?? {}).length > 1;
  return (
    <div className={css.act}>
      <p>
        <Trans>If you approve:</Trans> {i18n._(APPROVAL_EFFECTS[right.kind])}
      </p>
      <Refusals refusals={command.refusals} />
      {command.failure && <Reason failure={command.failure} isAct />}
      <Buttons>
        <Button id={`approve-${right.id}`} kind="main" isPending={command.isRunning} onPress={() => void approve()}>
          <Trans>Approve</Trans>
        </Button>
        <Button onPress={() => setMode("limit")}>{isPartial ? <Trans>Approve in part, or with words…</Trans> : <Trans>Approve with words…</Trans>}</Button>
        <Button id={`refuse-${right.id}`} onPress={() => setMode("refuse")}>
          {right.handler === "ADMIN" ? <Trans>Refuse…</Trans> : <Trans>Deny…</Trans>}
        </Button>
      </Buttons>
    </div>
  );
}
