import { Trans, useLingui } from "@lingui/react/macro";
import { useState } from "react";
import { useCommand } from "../../api/use_command";
import { Button, Buttons } from "../button";
import { CommandForm, errorsAt } from "../command_form";
import { TextInput } from "../fields";
import { Section } from "../section";
import { useTell } from "../../shell/outcomes";
import { SendCodeMutation, VerifyMutation } from "./documents";

/** Prove that a request is one's own: by the code that was mailed, or by the second factor. */
export function Proof({ requestId, onProven }: { requestId: string; onProven: () => void }) {
  const { t } = useLingui();
  const tell = useTell();
  const verifying = useCommand(VerifyMutation);
  const sending = useCommand(SendCodeMutation);
  const [code, setCode] = useState("");
  const [left, setLeft] = useState<number | null>();
  const verify = async (given: string | null) => {
    const done = await verifying.run({ input: { requestId, code: given } });
    if (!done) return;
    setLeft(done.isVerified ? undefined : done.attemptsLeft);
    if (done.isVerified) onProven();
  };
  const sendAgain = async () => {
    if (await sending.run({ input: { requestId } })) tell({ text: t`Another code is on its way to your verified address. It is good for 30 minutes.` });
  };
  const wrong = left === undefined ? [] : [left === null ? t`This code is wrong or too old.` : t`This code is wrong or too old. ${left} more may be tried.`];
  return (
    <Section title={t`Show that it is you`} about={<Trans>Nothing is done before. A code was mailed to your verified address; it is good for 30 minutes.</Trans>}>
      <CommandForm act={t`Confirm`} isReady={code.trim() !== ""} onSubmit={() => verify(code.replaceAll(/\s/g, ""))} command={verifying} fields={["code"]}>
        <TextInput
          label={t`Code from the mail`}
          value={code}
          onChange={(text) => {
            setCode(text);
            setLeft(undefined);
            verifying.clear();
          }}
          errors={[...errorsAt(verifying.refusals, "code"), ...wrong]}
          inputMode="numeric"
          autoComplete="one-time-code"
          autoFocus
          isRequired
        />
      </CommandForm>
      <Buttons>
        <Button kind="quiet" isPending={sending.isRunning} onPress={() => void sendAgain()}>
          <Trans>Mail another code</Trans>
        </Button>
        <Button kind="quiet" onPress={() => void verify(null)}>
          <Trans>Show my second step instead</Trans>
        </Button>
      </Buttons>
      {sending.refusals.map(({ message }) => (
        <p key={message} role="alert">
          {message}
        </p>
      ))}
    </Section>
  );
}
