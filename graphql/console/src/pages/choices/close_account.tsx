import { Trans, useLingui } from "@lingui/react/macro";
import { useState } from "react";
import { useCommand } from "../../api/use_command";
import { Button } from "../../components/button";
import { errorsAt } from "../../components/command_form";
import { TextInput } from "../../components/fields";
import { HarmDialog } from "../../components/harm";
import { Deadline } from "../../components/moment";
import { Section } from "../../components/section";
import { CloseAccountMutation } from "./documents";
import type { Account } from "./leaving";

/** The end of the account, for who belongs to no organisation. */
export function CloseAccount({ account, belongs, refresh }: { account: Account; belongs: boolean; refresh: () => void }) {
  const { t } = useLingui();
  const [isAsked, setIsAsked] = useState(false);
  return (
    <Section title={t`Close the account`}>
      {account.closesAt ? (
        <p>
          <Trans>
            Your account is deleted on <Deadline at={account.closesAt} />. Sign in again before to keep it.
          </Trans>
        </p>
      ) : belongs ? (
        <p>
          <Trans>An account that belongs to an organisation can't be closed: leave each organisation first.</Trans>
        </p>
      ) : (
        <>
          <p>
            <Trans>It is deleted two weeks later, with its addresses and everything that opens it. Signing in before keeps it.</Trans>
          </p>
          <Button onPress={() => setIsAsked(true)}>
            <Trans>Close the account …</Trans>
          </Button>
        </>
      )}
      {isAsked && <CloseDialog onClose={() => setIsAsked(false)} refresh={refresh} />}
    </Section>
  );
}

function CloseDialog({ onClose, refresh }: { onClose: () => void; refresh: () => void }) {
  const { t } = useLingui();
  const [email, setEmail] = useState("");
  const command = useCommand(CloseAccountMutation);
  const close = async () => {
    if (!(await command.run({ input: { email } }))) return;
    onClose();
    refresh();
  };
  return (
    <HarmDialog
      title={t`Close the account`}
      act={t`Close my account`}
      figures={[
        { label: t`At once`, value: t`every device is signed out` },
        { label: t`In two weeks`, value: t`the account is deleted` },
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
