import { Trans, useLingui } from "@lingui/react/macro";
import { useCommand } from "../../../api/use_command";
import { HarmDialog } from "../../../components/harm";
import { Day } from "../../../components/moment";
import { useTell } from "../../../shell/outcomes";
import { WithdrawVendorGrantMutation } from "./documents";
import type { VendorGrant } from "./vendor_grants";

/** Let a program of the vendor in no more. */
export function EndGrantDialog({ grant, onDone, onClose }: { grant: VendorGrant; onDone: () => void; onClose: () => void }) {
  const { t } = useLingui();
  const tell = useTell();
  const command = useCommand(WithdrawVendorGrantMutation);
  const end = async () => {
    if (!(await command.run({ input: { grantId: grant.id } }))) return;
    tell({ text: t`${grant.clientName} can fetch nothing any more.` });
    onDone();
    onClose();
  };
  return (
    <HarmDialog
      title={t`Let ${grant.clientName} in no more`}
      act={t`End its access`}
      figures={[{ label: t`Since`, value: <Day at={grant.createdAt} /> }]}
      people={0}
      objectName={grant.clientName}
      command={command}
      onCommit={end}
      onClose={onClose}
    >
      <p>
        <Trans>It fetches nothing from then on. What it has fetched already stays owed: what it may not keep is taken back as ever. Somebody has to let it in again.</Trans>
      </p>
    </HarmDialog>
  );
}
