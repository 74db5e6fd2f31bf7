import { endOfMonth, getLocalTimeZone, parseDate } from "@internationalized/date";
import { Trans, useLingui } from "@lingui/react/macro";
import { useState } from "react";
import { useCommand } from "../../api/use_command";
import { CommandForm, errorsAt } from "../../components/command_form";
import { Dialog } from "../../components/dialog";
import { TextInput } from "../../components/fields";
import { Deadline } from "../../components/moment";
import { useTell } from "../../shell/outcomes";
import { ExtendMutation } from "./acts/documents";
import type { Request } from "./types";

interface Properties {
  request: Request;
  onClose: () => void;
  onDone: () => void;
}

const ISO_DAY = /^\d{4}-\d{2}-\d{2}$/;

/** More time, once, as far as the law allows: the API says how far that is. */
export function ExtendDialog({ request, onClose, onDone }: Properties) {
  const { t } = useLingui();
  const tell = useTell();
  const command = useCommand(ExtendMutation);
  const [day, setDay] = useState(() => endOfMonth(parseDate(request.dueAt.slice(0, 10)).add({ months: 1 })).toString());
  const [reason, setReason] = useState("");
  const extend = async () => {
    const until = endOfDay(day);
    const done = await command.run({ input: { requestId: request.id, until, reason } });
    if (!done?.request) return;
    const { dueAt } = done.request;
    tell({
      text: (
        <Trans>
          To be answered by <Deadline at={dueAt} /> now. The person is told why.
        </Trans>
      ),
    });
    onClose();
    onDone();
  };
  return (
    <Dialog title={t`Take more time`} onClose={onClose}>
      <CommandForm act={t`Move the due date`} isReady={ISO_DAY.test(day)} onSubmit={extend} onCancel={onClose} command={command} fields={["until", "reason"]}>
        <p>
          <Trans>
            The due date can be moved once, while the first period runs, and only as far as the law of this request allows. The person is told, with your
            reason.
          </Trans>
        </p>
        <TextInput
          type="date"
          label={t`New due date`}
          value={day}
          onChange={setDay}
          errors={errorsAt(command.refusals, "until")}
          isRequired
        />
        <TextInput
          label={t`Why it takes longer`}
          isLong
          value={reason}
          onChange={setReason}
          errors={errorsAt(command.refusals, "reason")}
          isRequired
        />
      </CommandForm>
    </Dialog>
  );
}

/** The last moment of a day where the reader is. */
function endOfDay(day: string): string {
  const after = parseDate(day).add({ days: 1 }).toDate(getLocalTimeZone());
  return new Date(after.getTime() - 1).toISOString();
}
