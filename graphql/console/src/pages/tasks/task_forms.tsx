import { Trans, useLingui } from "@lingui/react/macro";
import { useState } from "react";
import { useCommand } from "../../api/use_command";
import { CommandForm, errorsAt } from "../../components/command_form";
import { TextInput } from "../../components/fields";
import { useTell } from "../../shell/outcomes";
import { CompleteTaskMutation, GiveUpTaskMutation, ReopenTaskMutation } from "./documents";
import type { Task } from "./tasks_page";

interface Properties {
  task: Task;
  onCancel?: () => void;
  onDone: () => void;
}

export function CompleteForm({ task, onDone }: Properties) {
  const { t } = useLingui();
  const tell = useTell();
  const command = useCommand(CompleteTaskMutation);
  const [evidence, setEvidence] = useState("");
  const complete = async () => {
    if (!(await command.run({ input: { taskId: task.id, evidence } }))) return;
    tell({ text: t`Done: what you noted is the proof, graded as said by a person.` });
    onDone();
  };
  return (
    <CommandForm act={t`It is done`} onSubmit={complete} command={command} fields={["evidence"]}>
      <TextInput
        label={t`What was done, and how you know`}
        hint={<Trans>This is the proof. Name nobody; a case number at the recipient helps.</Trans>}
        isLong
        value={evidence}
        onChange={setEvidence}
        errors={errorsAt(command.refusals, "evidence")}
        isRequired
        autoFocus
      />
    </CommandForm>
  );
}

export function GiveUpForm({ task, onCancel, onDone }: Properties) {
  const { t } = useLingui();
  const tell = useTell();
  const command = useCommand(GiveUpTaskMutation);
  const [reason, setReason] = useState("");
  const giveUp = async () => {
    if (!(await command.run({ input: { taskId: task.id, reason } }))) return;
    tell({ text: t`Given up: the request says that this was not done.` });
    onDone();
  };
  return (
    <CommandForm act={t`Give up`} isDangerous onSubmit={giveUp} {...(onCancel ? { onCancel } : {})} command={command} fields={["reason"]}>
      <p>
        <Trans>What rests on it ends unfulfilled: the person's request and the certificate say so. It can be opened again while the request is open.</Trans>
      </p>
      <TextInput label={t`Why it can't be done`} isLong value={reason} onChange={setReason} errors={errorsAt(command.refusals, "reason")} isRequired autoFocus />
    </CommandForm>
  );
}

export function ReopenForm({ task, onCancel, onDone }: Properties) {
  const { t } = useLingui();
  const tell = useTell();
  const command = useCommand(ReopenTaskMutation);
  const [reason, setReason] = useState("");
  const reopen = async () => {
    if (!(await command.run({ input: { taskId: task.id, reason } }))) return;
    tell({ text: t`Open again: it is owed as before.` });
    onDone();
  };
  return (
    <CommandForm act={t`Open it again`} onSubmit={reopen} {...(onCancel ? { onCancel } : {})} command={command} fields={["reason"]}>
      <TextInput label={t`What was wrong`} isLong value={reason} onChange={setReason} errors={errorsAt(command.refusals, "reason")} isRequired autoFocus />
    </CommandForm>
  );
}
