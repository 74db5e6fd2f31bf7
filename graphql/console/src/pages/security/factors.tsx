import { Plural, Trans, useLingui } from "@lingui/react/macro";
import { useState } from "react";
import { useCommand } from "../../api/use_command";
import { ActFailures } from "../../components/act_failures";
import { ActsMenu } from "../../components/acts_menu";
import { Badge } from "../../components/badge";
import button from "../../components/button.module.css";
import { CommandForm, errorsAt } from "../../components/command_form";
import { Dialog } from "../../components/dialog";
import { TextInput } from "../../components/fields";
import { Day } from "../../components/moment";
import { Section } from "../../components/section";
import { useTell } from "../../shell/outcomes";
import { RemovePasskeyMutation, RenamePasskeyMutation } from "./documents";
import css from "./security.module.css";
import type { OwnAccount } from "./security_page";

type Passkey = OwnAccount["passkeys"][number];

/** Password, authenticator, recovery codes and passkeys; what shows a secret is done on the page that was made for it. */
export function Factors({ account, refresh }: { account: OwnAccount; refresh: () => void }) {
  const { t } = useLingui();
  const tell = useTell();
  const [renamed, setRenamed] = useState<Passkey>();
  const removing = useCommand(RemovePasskeyMutation);
  const remove = async ({ id, name }: Passkey) => {
    if (!(await removing.run({ input: { passkeyId: id } }))) return;
    tell({ text: t`The passkey ${name} is removed, and your other devices are signed out.` });
    refresh();
  };
  return (
    <Section
      title={t`Second step`}
      actions={
        <a href="/auth/security" className={`${button.button} ${button.plain}`}>
          <Trans>Change password, authenticator, passkeys</Trans>
        </a>
      }
    >
      <ul className={css.list}>
        <li className={css.row}>
          <Trans>Authenticator</Trans> {account.hasAuthenticator ? <Badge tone="good">{t`set up`}</Badge> : <Badge tone="warn">{t`not set up`}</Badge>}
        </li>
        <li className={css.row}>
          <Trans>Recovery codes</Trans>
          <Badge tone={account.recoveryCodesLeft > 2 ? "good" : "warn"}>
            <Plural value={account.recoveryCodesLeft} _0="none left" one="# left" other="# left" />
          </Badge>
        </li>
        {account.passkeys.map((passkey) => (
          <li key={passkey.id} className={css.row}>
            <span>
              <bdi>{passkey.name}</bdi>{" "}
              <span className={css.hint}>
                {passkey.lastUsedAt ? (
                  <Trans>
                    passkey, used last on <Day at={passkey.lastUsedAt} />
                  </Trans>
                ) : (
                  <Trans>passkey, not used yet</Trans>
                )}
              </span>
            </span>
            <ActsMenu
              label={t`What can be done with ${passkey.name}`}
              acts={[
                { id: "rename", label: t`Rename …`, run: () => setRenamed(passkey) },
                { id: "remove", label: t`Remove it; your other devices are signed out`, run: () => void remove(passkey) },
              ]}
            />
          </li>
        ))}
      </ul>
      <ActFailures commands={[removing]} />
      {renamed && (
        <Rename
          passkey={renamed}
          onClose={() => setRenamed(undefined)}
          onDone={() => {
            setRenamed(undefined);
            refresh();
          }}
        />
      )}
    </Section>
  );
}

function Rename({ passkey, onClose, onDone }: { passkey: Passkey; onClose: () => void; onDone: () => void }) {
  const { t } = useLingui();
  const [name, setName] = useState(passkey.name);
  const command = useCommand(RenamePasskeyMutation);
  const rename = async () => {
    if (await command.run({ input: { passkeyId: passkey.id, name } })) onDone();
  };
  return (
    <Dialog title={t`Rename the passkey`} onClose={onClose}>
      <CommandForm act={t`Rename`} onSubmit={rename} onCancel={onClose} command={command} fields={["name"]}>
        <TextInput label={t`Name`} value={name} onChange={setName} errors={errorsAt(command.refusals, "name")} autoFocus isRequired />
      </CommandForm>
    </Dialog>
  );
}
