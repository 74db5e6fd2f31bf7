import { Trans, useLingui } from "@lingui/react/macro";
import { useCommand } from "../../api/use_command";
import { HarmDialog } from "../../components/harm";
import { Moment } from "../../components/moment";
import { useTell } from "../../shell/outcomes";
import { RevokeTokenMutation } from "./documents";
import type { Token } from "./tokens_part";

/** End a token: the directory that has it can do nothing from then on. */
export function RevokeDialog({ token, onClose, onDone }: { token: Token; onClose: () => void; onDone: () => void }) {
  const { t } = useLingui();
  const tell = useTell();
  const command = useCommand(RevokeTokenMutation);
  const end = async () => {
    if (!(await command.run({ input: { tokenId: token.id } }))) return;
    tell({ text: t`The token ${token.name} was ended.` });
    onClose();
    onDone();
  };
  return (
    <HarmDialog
      title={t`End ${token.name}`}
      act={t`End the token`}
      figures={[{ label: t`Used last`, value: token.lastUsedAt ? <Moment at={token.lastUsedAt} /> : <Trans>Never</Trans> }]}
      people={0}
      objectName={token.name}
      command={command}
      onCommit={end}
      onClose={onClose}
    >
      <p>
        <Trans>
          A directory that uses it is refused from then on, so that people who leave stay in until it has another. People and groups stay as they
          are. It can’t be taken back: make the next token first. Owner and administrators are told.
        </Trans>
      </p>
    </HarmDialog>
  );
}
