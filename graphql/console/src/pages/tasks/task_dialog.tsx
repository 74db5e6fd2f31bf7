/** One task: what to do, and what was noted; done with evidence, given up once it is due, or opened again. */

import { msg } from "@lingui/core/macro";
import { Trans, useLingui } from "@lingui/react/macro";
import { useState } from "react";
import { usePart } from "../../api/use_page";
import { Button, Buttons } from "../../components/button";
import { Dialog } from "../../components/dialog";
import { Deadline } from "../../components/moment";
import { Person } from "../../components/person";
import { Empty, Part } from "../../components/states";
import { useKey } from "../../shell/keys";
import { useMay } from "../../shell/viewer";
import { TaskQuery } from "./documents";
import css from "./tasks.module.css";
import { CompleteForm, GiveUpForm, ReopenForm } from "./task_forms";
import { type Task, titleOf } from "./tasks_page";

interface Properties {
  id: string;
  onClose: () => void;
  onDone: () => void;
}

export function TaskDialog({ id, onClose, onDone }: Properties) {
  const { t } = useLingui();
  const asked = usePart(TaskQuery, { id });
  const node = asked.data?.node;
  const task = node?.__typename === "ManualTask" ? node : undefined;
  const done = () => {
    onClose();
    onDone();
  };
  return (
    <Dialog title={task ? titleOf(task) : t`Task`} onClose={onClose}>
      <Part asked={asked} lines={4}>
        {task ? <Content task={task} onDone={done} /> : <Empty>{t`There is no such task, or it is not yours to see.`}</Empty>}
      </Part>
    </Dialog>
  );
}

function Content({ task, onDone }: { task: Task; onDone: () => void }) {
  const mayComplete = useMay("TASKS_COMPLETE");
  const readsOnly = useMay("TASKS_READ") && !mayComplete;
  const { state, dueAt, instructions, obligation, evidence, completedAt, completedBy } = task;
  return (
    <>
      <p>
        {obligation?.member ? (
          <Trans>
            About <Person person={obligation.member} />, due <Deadline at={dueAt} isOver={state !== "OPEN"} />
          </Trans>
        ) : (
          <Trans>
            Due <Deadline at={dueAt} isOver={state !== "OPEN"} />
          </Trans>
        )}
      </p>
      <p className={css.instructions} dir="auto" data-of-server>
        {instructions}
      </p>
      {evidence && (
        <>
          <h3>
            <Trans>What was noted</Trans>
          </h3>
          <p className={css.instructions} dir="auto" data-of-server>
            {evidence}
          </p>
        </>
      )}
      {completedAt && (
        <p className={css.hint}>
          {completedBy && <Person person={completedBy} />} <Deadline at={completedAt} isOver />
        </p>
      )}
      {!readsOnly && <Acts task={task} onDone={onDone} />}
    </>
  );
}

type Mode = "complete" | "give up" | "reopen" | null;

function Acts({ task, onDone }: { task: Task; onDone: () => void }) {
  const { state, completedAt, dueAt } = task;
  const isOpen = state === "OPEN";
  const [mode, setMode] = useState<Mode>(isOpen ? "complete" : null);
  useKey("c", msg`Say that the task is done`, () => setMode("complete"), isOpen);
  const close = () => setMode(isOpen ? "complete" : null);
  if (mode === "give up") return <GiveUpForm task={task} onCancel={close} onDone={onDone} />;
  if (mode === "reopen") return <ReopenForm task={task} onCancel={close} onDone={onDone} />;
  if (mode === "complete") {
    const isDue = new Date(dueAt).getTime() <= Date.now();
    return (
      <>
        <CompleteForm task={task} onDone={onDone} />
        {isDue ? (
          <Buttons>
            <Button kind="quiet" onPress={() => setMode("give up")}>
              <Trans>It can't be done…</Trans>
            </Button>
          </Buttons>
        ) : (
          <p className={css.hint}>
            <Trans>
              If it can't be done, it can be given up from <Deadline at={dueAt} isOver /> on.
            </Trans>
          </p>
        )}
      </>
    );
  }
  if (completedAt === null) return null;
  return (
    <Buttons>
      <Button onPress={() => setMode("reopen")}>
        <Trans>Open it again…</Trans>
      </Button>
    </Buttons>
  );
}
