import { Trans, useLingui } from "@lingui/react/macro";
import { useState } from "react";
import { useCommand } from "../../../api/use_command";
import { CommandForm, errorsAt } from "../../../components/command_form";
import { Dialog } from "../../../components/dialog";
import { TextInput, Tick } from "../../../components/fields";
import { nameOf, type Remote } from "../remote/remote_card";
import { RegisterRemoteMutation, RotateRemoteSecretMutation } from "./documents";
import { type Closing, Told } from "./told";

/** Register the address of a document, and show the secret that signs messages this once. */
export function RegisterDialog({ onDone, onClose }: Closing) {
  const { t } = useLingui();
  const command = useCommand(RegisterRemoteMutation);
  const [url, setUrl] = useState("");
  const [secret, setSecret] = useState<string | null>(null);
  const register = async () => {
    const done = await command.run({ input: { url: url.trim() } });
    if (done) setSecret(done.secret);
  };
  if (secret !== null) return <Issued secret={secret} onDone={onDone} onClose={onClose} />;
  return (
    <Dialog title={t`Register an integration`} onClose={onClose}>
      <CommandForm act={t`Register it`} onSubmit={register} onCancel={onClose} command={command} fields={["url"]}>
        <p>
          <Trans>The document that your server serves there declares it. It is fetched at once, and shown here as administrators will read it; then the provider’s operators let it in.</Trans>
        </p>
        <TextInput
          label={t`Address of the document`}
          hint={<Trans>With https, and reached by everybody.</Trans>}
          inputMode="url"
          value={url}
          onChange={setUrl}
          errors={errorsAt(command.refusals, "url")}
          isRequired
          autoFocus
          autoComplete="off"
          spellCheck="false"
        />
      </CommandForm>
    </Dialog>
  );
}

/** Make another secret that signs messages, and show it this once. */
export function RotateSigningDialog({ remote, onDone, onClose }: Closing & { remote: Remote }) {
  const { t } = useLingui();
  const command = useCommand(RotateRemoteSecretMutation);
  const [isAtOnce, setIsAtOnce] = useState(false);
  const [secret, setSecret] = useState<string | null>(null);
  const name = nameOf(remote);
  const rotate = async () => {
    const done = await command.run({ input: { remoteIntegrationId: remote.id, endsOldAtOnce: isAtOnce } });
    if (done) setSecret(done.secret);
  };
  if (secret !== null) return <Issued secret={secret} onDone={onDone} onClose={onClose} />;
  return (
    <Dialog title={t`New secret for ${name}`} onClose={onClose}>
      <CommandForm act={t`Make the secret`} onSubmit={rotate} onCancel={onClose} command={command} fields={[]}>
        <p>
          <Trans>For another day each message is signed with the secret of before too, and you may sign with either, so that you can change it without a gap.</Trans>
        </p>
        <Tick isSelected={isAtOnce} onChange={setIsAtOnce}>
          <Trans>It may have leaked: it signs no more from now on.</Trans>
        </Tick>
      </CommandForm>
    </Dialog>
  );
}

function Issued({ secret, ...closing }: Closing & { secret: string }) {
  const { t } = useLingui();
  return (
    <Dialog title={t`Keep this for your server`}>
      <Told texts={[{ label: t`Signing secret`, text: secret, isSecret: true }]} {...closing} />
    </Dialog>
  );
}
