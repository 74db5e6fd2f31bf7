import { Trans, useLingui } from "@lingui/react/macro";
import { useState } from "react";
import { useCommand } from "../../api/use_command";
import { Button } from "../../components/button";
import { HarmDialog } from "../../components/harm";
import { useTell } from "../../shell/outcomes";
import { WithdrawMutation } from "./documents";
import type { OwnRequest } from "./my_request_page";

const CAN_BE_TAKEN_BACK = ["SUBMITTED", "WITH_ADMIN", "REFUSED", "ESCALATED", "WITH_PRIVACY_TEAM", "APPROVED", "PREVIEWED", "SCHEDULED"];

/** Take the request back, as long as nothing was done for it. */
export function Withdraw({ request, refresh }: { request: OwnRequest; refresh: () => void }) {
  const { t } = useLingui();
  const tell = useTell();
  const [isAsked, setIsAsked] = useState(false);
  const command = useCommand(WithdrawMutation);
  const open = request.rights.filter(({ state }) => CAN_BE_TAKEN_BACK.includes(state));
  if (open.length === 0) return null;
  const withdraw = async () => {
    if (!(await command.run({ input: { requestId: request.id } }))) return;
    tell({ text: t`You took the request back. You can ask again at any time.` });
    setIsAsked(false);
    refresh();
  };
  return (
    <>
      <Button onPress={() => setIsAsked(true)}>
        <Trans>Take the request back</Trans>
      </Button>
      {isAsked && (
        <HarmDialog
          title={t`Take the request back`}
          act={t`Take it back`}
          figures={[
            { label: t`What ends`, value: t`Everything of this request that is not done yet` },
            { label: t`Later`, value: t`You can ask again; the time for an answer then begins anew.` },
          ]}
          people={1}
          objectName=""
          command={command}
          onCommit={withdraw}
          onClose={() => setIsAsked(false)}
        />
      )}
    </>
  );
}
