import { Trans, useLingui } from "@lingui/react/macro";
import { useState } from "react";
import { useCommand } from "../../api/use_command";
import { CommandForm, errorsAt } from "../../components/command_form";
import { Dialog } from "../../components/dialog";
import { TextInput } from "../../components/fields";
import { useReversible } from "../../components/harm";
import { UpdateMemberMutation } from "./acts/documents";
import type { Member } from "./member_page";

const FIELDS = ["displayName", "title", "firstName", "lastName", "jobTitle", "company", "username", "phone", "postalAddress", "pictureUrl"] as const;
type Field = (typeof FIELDS)[number];

function profileOf(member: Member): Record<Field, string> {
  return Object.fromEntries(FIELDS.map((field) => [field, member[field] ?? ""])) as Record<Field, string>;
}

export function EditDialog({ member, onClose }: { member: Member; onClose: () => void }) {
  const { t } = useLingui();
  const act = useReversible();
  const command = useCommand(UpdateMemberMutation);
  const before = profileOf(member);
  const [profile, setProfile] = useState(before);
  const labels: Record<Field, string> = {
    displayName: t`Name`,
    title: t`Title`,
    firstName: t`First name`,
    lastName: t`Last name`,
    jobTitle: t`Job title`,
    company: t`Company`,
    username: t`Username`,
    phone: t`Telephone`,
    postalAddress: t`Postal address`,
    pictureUrl: t`Address of a picture`,
  };
  const changed = FIELDS.filter((field) => profile[field] !== before[field]);
  const only = (values: Record<Field, string>) => Object.fromEntries(changed.map((field) => [field, values[field]]));
  const change = async () => {
    const run = (values: Record<Field, string>) => command.run({ input: { memberId: member.id, profile: only(values) } });
    if (await act(() => run(profile), <Trans>The profile is changed; whoever receives the data is sent the new one.</Trans>, () => run(before))) onClose();
  };
  return (
    <Dialog title={t`Change the profile`} onClose={onClose}>
      <CommandForm act={t`Change`} isReady={changed.length > 0} onSubmit={change} onCancel={onClose} command={command} fields={FIELDS}>
        {FIELDS.map((field) => (
          <TextInput
            key={field}
            label={labels[field]}
            value={profile[field]}
            onChange={(text) => setProfile((now) => ({ ...now, [field]: text }))}
            errors={errorsAt(command.refusals, field)}
            isLong={field === "postalAddress"}
            autoComplete="off"
          />
        ))}
      </CommandForm>
    </Dialog>
  );
}
