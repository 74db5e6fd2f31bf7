import { Trans, useLingui } from "@lingui/react/macro";
import { useState } from "react";
import type { ResultOf } from "../api/graphql";
import { useCommand } from "../api/use_command";
import { CommandForm } from "../components/command_form";
import { Dialog } from "../components/dialog";
import { Choice } from "../components/choice";
import { useTell } from "../shell/outcomes";
import { useMay } from "../shell/viewer";
import { RemoveViewMutation, SaveViewMutation, type SavedViewsQuery } from "./documents";

interface Properties {
  views: ResultOf<typeof SavedViewsQuery>["savedViews"];
  onClose: () => void;
  onDone: () => void;
}

export function ManageViewsDialog({ views, onClose, onDone }: Properties) {
  const { t } = useLingui();
  const tell = useTell();
  const command = useCommand(RemoveViewMutation);
  const saving = useCommand(SaveViewMutation);
  const mayShare = useMay("VIEWS_SHARE");
  const [chosen, setChosen] = useState<string | null>(null);
  const removable = views.filter(({ isOwn, isShared }) => isOwn || (isShared && mayShare));
  const remove = async () => {
    const view = removable.find(({ id }) => id === chosen);
    if (!view || !(await command.run({ input: { viewId: view.id } }))) return;
    const { name, page, address, isShared } = view;
    tell({
      text: (
        <Trans>
          The view <bdi>{name}</bdi> is removed.
        </Trans>
      ),
      undo: () => saving.run({ input: { name, page, address, isShared } }),
    });
    onDone();
    onClose();
  };
  return (
    <Dialog title={t`Remove a view`} onClose={onClose}>
      <CommandForm act={t`Remove the view`} isReady={chosen !== null} onSubmit={remove} onCancel={onClose} command={command} fields={[]}>
        <Choice label={t`View`} options={removable} value={chosen} onChange={setChosen} />
      </CommandForm>
    </Dialog>
  );
}
