import { Trans, useLingui } from "@lingui/react/macro";
import { useState } from "react";
import { useCommand } from "../../api/use_command";
import { ActFailures } from "../../components/act_failures";
import { ActsMenu } from "../../components/acts_menu";
import { Badge } from "../../components/badge";
import { Button } from "../../components/button";
import { CommandForm, errorsAt } from "../../components/command_form";
import { Dialog } from "../../components/dialog";
import { TextInput } from "../../components/fields";
import { Deadline } from "../../components/moment";
import { Section } from "../../components/section";
import { useTell } from "../../shell/outcomes";
import { AddAddressMutation, ContactAddressMutation, PrimaryMutation, RemoveAddressMutation } from "./documents";
import css from "./security.module.css";
import type { OwnAccount, OwnViewer } from "./security_page";

interface Properties {
  account: OwnAccount;
  viewer: OwnViewer;
  refresh: () => void;
}

/** The addresses of the account: which gets mail, by which one is known here, which still have to be proven. */
export function Addresses({ account, viewer, refresh }: Properties) {
  const { t } = useLingui();
  const tell = useTell();
  const [isAdding, setIsAdding] = useState(false);
  const primary = useCommand(PrimaryMutation);
  const removing = useCommand(RemoveAddressMutation);
  const contact = useCommand(ContactAddressMutation);
  const act = async (doing: Promise<unknown>, text: string) => {
    if ((await doing) === undefined) return;
    tell({ text });
    refresh();
  };
  return (
    <Section
      title={t`E-mail addresses`}
      about={<Trans>You sign in by any of them. Mail goes to the primary one.</Trans>}
      actions={
        <Button onPress={() => setIsAdding(true)}>
          <Trans>Add an address</Trans>
        </Button>
      }
    >
      <ActFailures commands={[primary, removing, contact]} />
      <ul className={css.list}>
        {account.addresses.map(({ id, address, isPrimary, verifiedAt, expiresAt }) => (
          <li key={id} className={css.row}>
            <span>
              <bdi>{address}</bdi> {isPrimary && <Badge tone="good">{t`primary`}</Badge>}{" "}
              {viewer.member?.email === address && <Badge tone="info">{t`known here by it`}</Badge>}{" "}
              {!verifiedAt && expiresAt && (
                <Badge tone="warn">
                  <Trans>
                    use the mailed link until <Deadline at={expiresAt} isOver />
                  </Trans>
                </Badge>
              )}
            </span>
            <ActsMenu
              label={t`What can be done with ${address}`}
              acts={[
                {
                  id: "primary",
                  label: t`Have mail sent here`,
                  isThere: !isPrimary && verifiedAt !== null,
                  run: () => void act(primary.run({ input: { addressId: id } }), t`Mail goes to ${address} from now on.`),
                },
                {
                  id: "contact",
                  label: t`Be known here by it`,
                  isThere: verifiedAt !== null && viewer.member?.state === "ACTIVE" && viewer.member.email !== address,
                  run: () => void act(contact.run({ input: { email: address } }), t`You are known here by ${address}.`),
                },
                {
                  id: "remove",
                  label: t`Remove it; your other devices are signed out`,
                  isThere: !isPrimary,
                  run: () => void act(removing.run({ input: { addressId: id } }), t`${address} is removed.`),
                },
              ]}
            />
          </li>
        ))}
      </ul>
      {isAdding && (
        <AddDialog
          onClose={() => setIsAdding(false)}
          onDone={() => {
            setIsAdding(false);
            refresh();
          }}
        />
      )}
    </Section>
  );
}

function AddDialog({ onClose, onDone }: { onClose: () => void; onDone: () => void }) {
  const { t } = useLingui();
  const tell = useTell();
  const command = useCommand(AddAddressMutation);
  const [email, setEmail] = useState("");
  const add = async () => {
    if (!(await command.run({ input: { email } }))) return;
    tell({ text: t`A link is on its way to ${email}. The address is yours once you have used it.` });
    onDone();
  };
  return (
    <Dialog title={t`Add an address`} onClose={onClose}>
      <CommandForm act={t`Mail the link`} onSubmit={add} onCancel={onClose} command={command} fields={["email"]}>
        <TextInput
          label={t`E-mail address`}
          hint={<Trans>A link is mailed to it, which proves that it is yours.</Trans>}
          type="email"
          value={email}
          onChange={(text) => {
            setEmail(text);
            command.clear();
          }}
          errors={errorsAt(command.refusals, "email")}
          autoFocus
          isRequired
          autoComplete="email"
        />
      </CommandForm>
    </Dialog>
  );
}
