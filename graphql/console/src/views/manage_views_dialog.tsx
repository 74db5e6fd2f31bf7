import { Trans, useLingui } from "@lingui/react/macro";
import { useState } from "react";
import type { ResultOf } from "../api/graphql";
import { useCommand } from "../api/use_command";
import { ActFailures } from "../components/act_failures";
import { Button, Buttons } from "../components/button";
import { CommandForm, errorsAt } from "../components/command_form";
import { Dialog } from "../components/dialog";
import { Choice } from "../components/choice";
import { TextInput, Tick } from "../components/fields";
import { useTell } from "../shell/outcomes";
import { useMay } from "../shell/viewer";
import { RemoveViewMutation, SaveViewMutation, type SavedViewsQuery, UpdateViewMutation } from "./documents";

type View = ResultOf<typeof SavedViewsQuery>["savedViews"][number];

interface Properties {
  views: readonly View[];
  /** What the address of this page has after `?`. */
  address: string;
  onClose: () => void;
  onDone: () => void;
}

/** Rename a view, share it, let it show what is shown now, or remove it. */
export function ManageViewsDialog({ views, address, onClose, onDone }: Properties) {
  const { t } = useLingui();
  const mayShare = useMay("VIEWS_SHARE");
  const [chosen, setChosen] = useState<string | null>(null);
  const own = views.filter(({ isOwn, isShared }) => isOwn || (isShared && mayShare));
  const view = own.find(({ id }) => id === chosen);
  const done = () => {
    onDone();
    onClose();
  };
  return (
    <Dialog title={t`Change or remove a view`} onClose={onClose}>
      <Choice label={t`View`} options={own} value={chosen} onChange={setChosen} />
      {view && <Changing key={view.id} view={view} address={address} mayShare={mayShare} onDone={done} />}
    </Dialog>
  );
}

function Changing({ view, address, mayShare, onDone }: { view: View; address: string; mayShare: boolean; onDone: () => void }) {
  const { t } = useLingui();
  const tell = useTell();
  const command = useCommand(UpdateViewMutation);
  const [name, setName] = useState(view.name);
  const [isShared, setIsShared] = useState(view.isShared);
  const [isOfNow, setIsOfNow] = useState(false);
  const change = async () => {
    if (!(await command.run({ input: { viewId: view.id, name, isShared, address: isOfNow ? address : null } }))) return;
    tell({ text: t`The view is changed.` });
    onDone();
  };
  return (
    <>
      <CommandForm act={t`Change the view`} onSubmit={change} command={command} fields={["name"]}>
        <TextInput label={t`Name`} value={name} onChange={setName} errors={errorsAt(command.refusals, "name")} isRequired autoComplete="off" />
        <Tick isSelected={isOfNow} onChange={setIsOfNow}>
          <Trans>Let it show what the list shows now</Trans>
        </Tick>
        {mayShare && (
          <Tick isSelected={isShared} onChange={setIsShared}>
            <Trans>Everybody in the organisation finds it</Trans>
          </Tick>
        )}
      </CommandForm>
      <Removing view={view} onDone={onDone} />
    </>
  );
}

function Removing({ view, onDone }: { view: View; onDone: () => void }) {
  const tell = useTell();
  const command = useCommand(RemoveViewMutation);
  const saving = useCommand(SaveViewMutation);
  const { id, name, page, address, isShared } = view;
  const remove = async () => {
    if (!(await command.run({ input: { viewId: id } }))) return;
    tell({
      text: (
        <Trans>
          The view <bdi>{name}</bdi> is removed.
        </Trans>
      ),
      undo: () => saving.run({ input: { name, page, address, isShared } }),
    });
    onDone();
  };
  return (
    <>
      <ActFailures commands={[command]} />
      <Buttons>
        <Button kind="quiet" isPending={command.isRunning} onPress={() => void remove()}>
          <Trans>Remove the view</Trans>
        </Button>
      </Buttons>
    </>
  );
}
