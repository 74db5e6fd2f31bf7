import { Trans, useLingui } from "@lingui/react/macro";
import { useState } from "react";
import { useCommand } from "../../api/use_command";
import { Button, Buttons } from "../../components/button";
import { CommandForm, errorsAt } from "../../components/command_form";
import { CopyText } from "../../components/copy_text";
import { Dialog } from "../../components/dialog";
import { Choice } from "../../components/choice";
import { TextInput } from "../../components/fields";
import { CreateTokenMutation } from "./documents";

const DAYS = [30, 90, 180, 366] as const;
const USUAL_DAYS = 180;
const DAY_MS = 86_400_000;

/** Make a token, and show it this once. */
export function TokenDialog({ onClose, onMade }: { onClose: () => void; onMade: () => void }) {
  const { t } = useLingui();
  const [text, setText] = useState<string>();
  const close = () => {
    if (text) onMade();
    onClose();
  };
  return (
    <Dialog title={text ? t`Give this token to your directory` : t`Make a token for the directory`} {...(text ? {} : { onClose })}>
      {text ? <Made text={text} onClose={close} /> : <Making onMade={setText} onClose={onClose} />}
    </Dialog>
  );
}

function Making({ onMade, onClose }: { onMade: (text: string) => void; onClose: () => void }) {
  const { t } = useLingui();
  const command = useCommand(CreateTokenMutation);
  const [name, setName] = useState("");
  const [days, setDays] = useState(String(USUAL_DAYS));
  const make = async () => {
    // A moment less than the longest time, which the server counts from its own clock.
    const expiresAt = new Date(Date.now() + Number(days) * DAY_MS - DAY_MS / 24).toISOString();
    const done = await command.run({ input: { name, expiresAt } });
    if (done?.text) onMade(done.text);
  };
  return (
    <CommandForm act={t`Make the token`} onSubmit={make} onCancel={onClose} command={command} fields={["name", "expiresAt"]}>
      <TextInput
        label={t`Name`}
        hint={<Trans>By which administrators recognise it, such as the directory’s name.</Trans>}
        value={name}
        onChange={(typed) => {
          setName(typed);
          command.clear();
        }}
        errors={errorsAt(command.refusals, "name")}
        autoFocus
        isRequired
        autoComplete="off"
      />
      <Choice
        label={t`Ends after`}
        hint={<Trans>Owner and administrators are told 14 days before.</Trans>}
        options={DAYS.map((count) => ({ id: String(count), name: t`${count} days` }))}
        value={days}
        onChange={setDays}
        errors={errorsAt(command.refusals, "expiresAt")}
      />
    </CommandForm>
  );
}

/** It closes by its button only: a slip would lose the text. */
function Made({ text, onClose }: { text: string; onClose: () => void }) {
  const { t } = useLingui();
  return (
    <>
      <CopyText label={t`Token`} text={text} />
      <CopyText label={t`Base address`} text={`${location.origin}/scim/v2`} />
      <p>
        <Trans>The token is shown this once. The other administrators and the owner are told that it was made.</Trans>
      </p>
      <Buttons>
        <Button kind="main" onPress={onClose}>
          <Trans>I have copied it</Trans>
        </Button>
      </Buttons>
    </>
  );
}
