import { Trans, useLingui } from "@lingui/react/macro";
import { useCommand } from "../../api/use_command";
import { HarmDialog } from "../../components/harm";
import { useTell } from "../../shell/outcomes";
import { ExemptAccountMutation } from "./documents";

interface Properties {
  id: string;
  address: string;
  onClose: () => void;
  onDone: () => void;
}

/** Leave an account alone for good. */
export function ExemptDialog({ id, address, onClose, onDone }: Properties) {
  const { t } = useLingui();
  const tell = useTell();
  const command = useCommand(ExemptAccountMutation);
  const exempt = async () => {
    if (!(await command.run({ input: { claimId: id } }))) return;
    tell({ text: t`${address} is left alone from now on.` });
    onClose();
    onDone();
  };
  return (
    <HarmDialog title={t`Leave ${address} alone`} act={t`Leave it alone for good`} figures={[]} people={1} objectName={address} command={command} onCommit={exempt} onClose={onClose}>
      <p>
        <Trans>The person does not have to choose any more and is told so. This account is never asked again; the person can still be invited.</Trans>
      </p>
    </HarmDialog>
  );
}
