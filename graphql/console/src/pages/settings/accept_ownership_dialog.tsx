import { Trans, useLingui } from "@lingui/react/macro";
import { useCommand } from "../../api/use_command";
import { HarmDialog } from "../../components/harm";
import { useTell } from "../../shell/outcomes";
import { AcceptOwnershipMutation } from "./documents";

/** Become the owner. */
export function AcceptOwnershipDialog({ transferId, onClose, onDone }: { transferId: string; onClose: () => void; onDone: () => void }) {
  const { t } = useLingui();
  const tell = useTell();
  const command = useCommand(AcceptOwnershipMutation);
  const accept = async () => {
    if (!(await command.run({ input: { transferId } }))) return;
    tell({ text: t`You own this organisation now. Load the page again to see what an owner may do.` });
    onClose();
    onDone();
  };
  return (
    <HarmDialog title={t`Become the owner`} act={t`Become the owner`} figures={[]} people={1} objectName="" command={command} onCommit={accept} onClose={onClose}>
      <p>
        <Trans>You decide on everything here, its end included. The present owner becomes an administrator and is told. To give it back, offer it yourself.</Trans>
      </p>
    </HarmDialog>
  );
}
