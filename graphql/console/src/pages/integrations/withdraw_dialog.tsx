import { Trans, useLingui } from "@lingui/react/macro";
import { useCommand } from "../../api/use_command";
import { usePreview } from "../../api/use_preview";
import { useTell } from "../../shell/outcomes";
import { categoryName } from "../../words/taxonomy";
import { PreviewWithdrawalMutation, WithdrawMutation } from "./documents";
import type { GrantRow } from "./grant_chips";
import { TakeBackDialog } from "./take_back_dialog";

interface Properties {
  grant: GrantRow;
  /** The third party's name. */
  name: string;
  onDone: () => void;
  onClose: () => void;
}

/** Stop sharing one category: what was sent is taken back. */
export function WithdrawDialog({ grant, name, onDone, onClose }: Properties) {
  const { t, i18n } = useLingui();
  const tell = useTell();
  const command = useCommand(WithdrawMutation);
  const preview = usePreview(PreviewWithdrawalMutation, { input: { grantId: grant.id } });
  const category = categoryName(i18n, grant.category);
  const withdraw = async (digest: string) => {
    if (!(await command.run({ input: { grantId: grant.id, digest } }))) return;
    tell({
      text: (
        <Trans>
          Nothing more of “{category}” goes to <bdi>{name}</bdi>, and what was sent is being taken back.
        </Trans>
      ),
    });
    onDone();
    onClose();
  };
  return (
    <TakeBackDialog
      title={t`Stop sharing ${category} with ${name}?`}
      act={t`Stop sharing ${category}`}
      objectName={name}
      preview={preview}
      command={command}
      onCommit={withdraw}
      onClose={onClose}
    />
  );
}
