import { Trans, useLingui } from "@lingui/react/macro";
import { useParams } from "@tanstack/react-router";
import { useState } from "react";
import { useCommand } from "../../api/use_command";
import { CommandForm, errorsAt } from "../../components/command_form";
import { Dialog } from "../../components/dialog";
import { Choice } from "../../components/choice";
import { TextInput } from "../../components/fields";
import { HarmDialog } from "../../components/harm";
import { LinkButton } from "../../components/link_button";
import { useTell } from "../../shell/outcomes";
import type { Claim } from "./claim_card";
import { CloseInsteadMutation, MoveAwayMutation } from "./documents";
import type { Account } from "./leaving";

interface Properties {
  claim: Claim;
  onClose: () => void;
  onDone: () => void;
}

/** Keep the account with an address of one's own, and none at the domain. */
export function MoveAway({ claim, account, onClose, onDone }: Properties & { account: Account }) {
  const { t } = useLingui();
  const tell = useTell();
  const { organisation = "" } = useParams({ strict: false });
  const command = useCommand(MoveAwayMutation);
  const [addressId, setAddressId] = useState<string | null>(null);
  const { organisationName: name, domain } = claim;
  const addresses = account.addresses.filter(({ verifiedAt, address }) => verifiedAt && !isAt(address, domain)).map(({ id, address }) => ({ id, name: address }));
  const move = async () => {
    if (!addressId || !(await command.run({ input: { claimId: claim.id, addressId } }))) return;
    tell({ text: t`Your account is yours alone, without an address at ${domain}.` });
    onDone();
  };
  if (addresses.length === 0) {
    return (
      <Dialog title={t`Move away from ${name}`} onClose={onClose}>
        <p>
          <Trans>
            First add an address that is not at <bdi>{domain}</bdi>, and use the link that is mailed to it.
          </Trans>
        </p>
        <LinkButton kind="main" to={`/o/${encodeURIComponent(organisation)}/me/security`}>
          <Trans>Add an address</Trans>
        </LinkButton>
      </Dialog>
    );
  }
  return (
    <Dialog title={t`Move away from ${name}`} onClose={onClose}>
      <CommandForm act={t`Move away`} isReady={addressId !== null} onSubmit={move} onCancel={onClose} command={command} fields={["addressId"]}>
        <p>
          <Trans>
            You keep the account and all in it. Its addresses at <bdi>{domain}</bdi> are taken off.
          </Trans>
        </p>
        <Choice label={t`Address that you keep`} options={addresses} value={addressId} onChange={setAddressId} errors={errorsAt(command.refusals, "addressId")} />
      </CommandForm>
    </Dialog>
  );
}

export function isAt(address: string, domain: string): boolean {
  const of = address.slice(address.lastIndexOf("@") + 1).toLowerCase();
  return of === domain.toLowerCase() || of.endsWith(`.${domain.toLowerCase()}`);
}

/** Close the account rather than belong to the organisation. */
export function CloseInstead({ claim, onClose, onDone }: Properties) {
  const { t } = useLingui();
  const tell = useTell();
  const [email, setEmail] = useState("");
  const command = useCommand(CloseInsteadMutation);
  const close = async () => {
    if (!(await command.run({ input: { claimId: claim.id, email } }))) return;
    tell({ text: t`Your account is closed. Sign in within two weeks to keep it.` });
    onDone();
  };
  return (
    <HarmDialog
      title={t`Close the account`}
      act={t`Close my account`}
      figures={[
        { label: t`At once`, value: t`every device is signed out` },
        { label: t`In two weeks`, value: t`the account is deleted; ask for a copy of your data before` },
      ]}
      people={1}
      objectName=""
      delay={<Trans>Sign in again within two weeks to keep it.</Trans>}
      command={command}
      onCommit={close}
      onClose={onClose}
    >
      <TextInput label={t`Your primary e-mail address, typed again`} type="email" value={email} onChange={setEmail} errors={errorsAt(command.refusals, "email")} isRequired autoComplete="off" />
    </HarmDialog>
  );
}
