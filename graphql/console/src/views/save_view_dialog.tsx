import { Trans, useLingui } from "@lingui/react/macro";
import { useState } from "react";
import { useCommand } from "../api/use_command";
import { CommandForm, errorsAt } from "../components/command_form";
import { Dialog } from "../components/dialog";
import { TextInput, Tick } from "../components/fields";
import { useTell } from "../shell/outcomes";
import { useMay } from "../shell/viewer";
import { RemoveViewMutation, SaveViewMutation } from "./documents";

interface Properties {
  page: string;
  address: string;
  onClose: () => void;
  onDone: () => void;
}

export function SaveViewDialog({ page, address, onClose, onDone }: Properties) {
  const { t } = useLingui();
  const tell = useTell();
  const command = useCommand(SaveViewMutation);
  const removing = useCommand(RemoveViewMutation);
  const mayShare = useMay("VIEWS_SHARE");
  const [name, setName] = useState("");
  const [isShared, setIsShared] = useState(false);
  const save = async () => {
    const done = await command.run({ input: { name, page, address, isShared } });
    if (!done?.view) return;
    const { id, name: kept } = done.view;
    tell({
      text: (
        <Trans>
          The view <bdi>{kept}</bdi> is kept. The address of this page shows the same to whoever may see it.
        </Trans>
      ),
      undo: () => removing.run({ input: { viewId: id } }),
    });
    onDone();
    onClose();
  };
  return (
    <Dialog title={t`Keep this view`} onClose={onClose}>
      <CommandForm act={t`Keep it`} onSubmit={save} onCancel={onClose} command={command} fields={["name"]}>
        <TextInput
          label={t`Name`}
          hint={<Trans>Filters and order are kept, not the people: the list is always of today.</Trans>}
          value={name}
          onChange={setName}
          errors={errorsAt(command.refusals, "name")}
          autoFocus
          isRequired
          autoComplete="off"
        />
        {mayShare && (
          <Tick isSelected={isShared} onChange={setIsShared}>
            <Trans>Everybody in the organisation finds it</Trans>
          </Tick>
        )}
      </CommandForm>
    </Dialog>
  );
}
