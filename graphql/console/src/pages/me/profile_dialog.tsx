import { Trans, useLingui } from "@lingui/react/macro";
import { useState } from "react";
import { useCommand } from "../../api/use_command";
import { CommandForm, errorsAt } from "../../components/command_form";
import { Dialog } from "../../components/dialog";
import { TextInput } from "../../components/fields";
import { useTell } from "../../shell/outcomes";
import { UpdateProfileMutation } from "./documents";
import type { OwnProfile } from "./held";

const FIELDS = ["displayName", "title", "firstName", "lastName", "jobTitle", "company", "username", "phone", "postalAddress", "pictureUrl"] as const;
type Field = (typeof FIELDS)[number];

const FILLED_IN: Partial<Record<Field, string>> = { firstName: "given-name", lastName: "family-name", phone: "tel", company: "organization" };

/** Change what one's organisation has of oneself; recipients that have it are told by themselves. */
export function ProfileDialog({ member, onClose, onDone }: { member: OwnProfile; onClose: () => void; onDone: () => void }) {
  const { t } = useLingui();
  const tell = useTell();
  const command = useCommand(UpdateProfileMutation);
  const before = Object.fromEntries(FIELDS.map((name) => [name, member[name] ?? ""])) as Record<Field, string>;
  const [values, setValues] = useState(before);
  const labels: Record<Field, string> = {
    displayName: t`Name as displayed`,
    title: t`Title`,
    firstName: t`First name`,
    lastName: t`Last name`,
    jobTitle: t`Job title`,
    company: t`Company`,
    username: t`Username`,
    phone: t`Telephone number`,
    postalAddress: t`Postal address`,
    pictureUrl: t`Address of a picture`,
  };
  const save = async () => {
    const profile = Object.fromEntries(FIELDS.filter((name) => values[name] !== before[name]).map((name) => [name, values[name]]));
    if (!(await command.run({ input: { profile } }))) return;
    tell({ text: t`Your profile is changed. Recipients that have it are told.` });
    onDone();
  };
  return (
    <Dialog title={t`Change the profile`} onClose={onClose}>
      <CommandForm act={t`Save`} onSubmit={save} onCancel={onClose} command={command} fields={FIELDS}>
        <p>
          <Trans>Your e-mail address is changed under “Security”, because it has to be proven.</Trans>
        </p>
        {FIELDS.map((name) => (
          <TextInput
            key={name}
            label={labels[name]}
            value={values[name]}
            onChange={(text) => {
              setValues({ ...values, [name]: text });
              command.clear();
            }}
            errors={errorsAt(command.refusals, name)}
            isLong={name === "postalAddress"}
            isRequired={name === "displayName"}
            autoComplete={FILLED_IN[name] ?? "off"}
          />
        ))}
      </CommandForm>
    </Dialog>
  );
}
