import { Trans, useLingui } from "@lingui/react/macro";
import { useState } from "react";
import { useCommand } from "../../api/use_command";
import { CommandForm, errorsAt } from "../../components/command_form";
import { Choice } from "../../components/choice";
import { TextInput } from "../../components/fields";
import { useTell } from "../../shell/outcomes";
import { DenyMutation, RefuseMutation } from "./acts/documents";
import css from "./request.module.css";
import type { Request, Right } from "./types";
import { REFUSAL_NAMES, type RefusalCode } from "./words";

interface Properties {
  request: Request;
  right: Right;
  onCancel: () => void;
  onDone: () => void;
}

/** The organisation refuses, and the privacy team decides next; the privacy team denies, and that is the last word here. */
export function RefuseForm({ request, right, onCancel, onDone }: Properties) {
  const { t, i18n } = useLingui();
  const tell = useTell();
  const isLast = right.handler === "PRIVACY_TEAM";
  const refusing = useCommand(RefuseMutation);
  const denying = useCommand(DenyMutation);
  const command = isLast ? denying : refusing;
  const [code, setCode] = useState<RefusalCode>("UNFOUNDED");
  const [reason, setReason] = useState("");
  const refuse = async () => {
    if (!(await command.run({ input: { rightId: right.id, code, reason } }))) return;
    tell({ text: isLast ? t`Denied: the person is told why, and where to complain.` : t`Refused: the privacy team decides next, and the person is told.` });
    onCancel();
    onDone();
  };
  const authorities = request.complainTo.map(({ name }) => name).join(", ");
  return (
    <div className={css.act}>
      <CommandForm
        act={isLast ? t`Deny` : t`Refuse`}
        isDangerous
        onSubmit={refuse}
        onCancel={onCancel}
        command={command}
        fields={["code", "reason"]}
      >
        <p>
          {isLast ? (
            <Trans>This is the last word here. The person is told your reason, and may complain to: {authorities}.</Trans>
          ) : (
            <Trans>The provider's privacy team decides next, and until then the data rests. The person is told your reason.</Trans>
          )}
        </p>
        <Choice
          label={t`Why, as the certificate says it`}
          options={(Object.keys(REFUSAL_NAMES) as RefusalCode[]).map((id) => ({ id, name: i18n._(REFUSAL_NAMES[id]) }))}
          value={code}
          onChange={setCode}
          errors={errorsAt(command.refusals, "code")}
        />
        <TextInput
          label={t`Why, in words for the person`}
          isLong
          value={reason}
          onChange={setReason}
          errors={errorsAt(command.refusals, "reason")}
          isRequired
          autoFocus
        />
      </CommandForm>
    </div>
  );
}
