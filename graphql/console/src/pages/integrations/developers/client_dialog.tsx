import { Trans, useLingui } from "@lingui/react/macro";
import { useState } from "react";
import { useCommand } from "../../../api/use_command";
import { CommandForm, errorsAt } from "../../../components/command_form";
import { Dialog } from "../../../components/dialog";
import { TextInput, Tick } from "../../../components/fields";
import type { Client } from "./clients_part";
import { RequestClientMutation, RotateClientSecretMutation } from "./documents";
import { type Closing, Told } from "./told";

interface Issued {
  clientId: string;
  secret: string | null;
}

/** Ask for a program, and show its secret this once. */
export function ClientDialog({ onDone, onClose }: Closing) {
  const { t } = useLingui();
  const [issued, setIssued] = useState<Issued>();
  return (
    <Dialog title={issued ? t`Keep this for your program` : t`Ask for a program`} {...(issued ? {} : { onClose })}>
      {issued ? <Issue issued={issued} onDone={onDone} onClose={onClose} /> : <Asking onIssued={setIssued} onClose={onClose} />}
    </Dialog>
  );
}

/** Make a new secret, and show it this once. */
export function RotateDialog({ client, onDone, onClose }: Closing & { client: Client }) {
  const { t } = useLingui();
  const [issued, setIssued] = useState<Issued>();
  const [isAtOnce, setIsAtOnce] = useState(false);
  const command = useCommand(RotateClientSecretMutation);
  const rotate = async () => {
    const done = await command.run({ input: { clientId: client.id, endsOldAtOnce: isAtOnce } });
    if (done?.client) setIssued({ clientId: done.client.clientId, secret: done.secret });
  };
  return (
    <Dialog title={t`New secret for ${client.name}`} {...(issued ? {} : { onClose })}>
      {issued ? (
        <Issue issued={issued} onDone={onDone} onClose={onClose} />
      ) : (
        <CommandForm act={t`Make the secret`} onSubmit={rotate} onCancel={onClose} command={command} fields={[]}>
          <p>
            <Trans>The secret of before works for another day, so that you can change it without a gap.</Trans>
          </p>
          <Tick isSelected={isAtOnce} onChange={setIsAtOnce}>
            <Trans>It may have leaked: it works no more from now on.</Trans>
          </Tick>
        </CommandForm>
      )}
    </Dialog>
  );
}

function Asking({ onIssued, onClose }: { onIssued: (issued: Issued) => void; onClose: () => void }) {
  const { t } = useLingui();
  const command = useCommand(RequestClientMutation);
  const [name, setName] = useState("");
  const [integration, setIntegration] = useState("");
  const [addresses, setAddresses] = useState("");
  const [isConfidential, setIsConfidential] = useState(true);
  const ask = async () => {
    const redirectUris = addresses.split(/\s+/u).filter(Boolean);
    const done = await command.run({ input: { name, integration, redirectUris, isConfidential } });
    if (done?.client) onIssued({ clientId: done.client.clientId, secret: done.secret });
  };
  return (
    <CommandForm act={t`Ask for it`} onSubmit={ask} onCancel={onClose} command={command} fields={["name", "integration", "redirectUris"]}>
      <TextInput
        label={t`Name`}
        hint={<Trans>By which administrators recognise it when they let it in.</Trans>}
        value={name}
        onChange={setName}
        errors={errorsAt(command.refusals, "name")}
        autoFocus
        isRequired
        autoComplete="off"
      />
      <TextInput
        label={t`Key of the integration`}
        value={integration}
        onChange={setIntegration}
        errors={errorsAt(command.refusals, "integration")}
        isRequired
        autoComplete="off"
      />
      <TextInput
        label={t`Addresses to come back to`}
        hint={<Trans>One in a line, with https.</Trans>}
        isLong
        value={addresses}
        onChange={setAddresses}
        errors={errorsAt(command.refusals, "redirectUris")}
        isRequired
      />
      <Tick isSelected={isConfidential} onChange={setIsConfidential}>
        <Trans>It runs on a server, and can keep a secret.</Trans>
      </Tick>
    </CommandForm>
  );
}

function Issue({ issued: { clientId, secret }, ...closing }: Closing & { issued: Issued }) {
  const { t } = useLingui();
  return (
    <Told
      texts={[
        { label: t`Id of the program`, text: clientId },
        { label: t`Secret`, text: secret, isSecret: true },
      ]}
      {...closing}
    />
  );
}
