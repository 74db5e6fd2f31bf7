/** What requests have left behind that are no longer with the team: kept for a while, or at rest, until somebody ends it. */

import { Trans, useLingui } from "@lingui/react/macro";
import { useState } from "react";
import { useCommand } from "../../api/use_command";
import { Button, Buttons } from "../../components/button";
import { CommandForm, errorsAt } from "../../components/command_form";
import decisions from "../../components/decisions.module.css";
import { Dialog } from "../../components/dialog";
import { TextInput } from "../../components/fields";
import { useTell } from "../../shell/outcomes";
import type { Waiting } from "./columns";
import { EraseLeftMutation, LiftLeftMutation } from "./documents";
import { InOrganisation } from "./in_organisation";
import css from "./privacy.module.css";

interface Ending {
  organisation: string;
  kind: "remainder" | "restriction";
  id: string;
}

export function LeftToEnd({ left, refresh }: { left: readonly Waiting[]; refresh: () => void }) {
  const [ending, setEnding] = useState<Ending>();
  return (
    <section aria-labelledby="left" className={css.section}>
      <h2 id="left">
        <Trans>Left to end</Trans>
      </h2>
      <ul className={decisions.list}>
        {left.map(({ id, organisation, organisationName, remainders, restrictions }) => (
          <li key={id} className={decisions.card}>
            <p>
              <bdi>{organisationName}</bdi>
            </p>
            <Buttons>
              {remainders.map((one) => (
                <Button key={one} onPress={() => setEnding({ organisation, kind: "remainder", id: one })}>
                  <Trans>Erase what was kept…</Trans>
                </Button>
              ))}
              {restrictions.map((one) => (
                <Button key={one} onPress={() => setEnding({ organisation, kind: "restriction", id: one })}>
                  <Trans>Let the restriction end…</Trans>
                </Button>
              ))}
            </Buttons>
          </li>
        ))}
      </ul>
      {ending && (
        <InOrganisation slug={ending.organisation}>
          <EndDialog ending={ending} onClose={() => setEnding(undefined)} onDone={refresh} />
        </InOrganisation>
      )}
    </section>
  );
}

function EndDialog({ ending, onClose, onDone }: { ending: Ending; onClose: () => void; onDone: () => void }) {
  const { t } = useLingui();
  const tell = useTell();
  const [reason, setReason] = useState("");
  const erasing = useCommand(EraseLeftMutation);
  const lifting = useCommand(LiftLeftMutation);
  const isRemainder = ending.kind === "remainder";
  const end = async () => {
    const done = isRemainder
      ? await erasing.run({ input: { remainderId: ending.id, reason } })
      : await lifting.run({ input: { restrictionId: ending.id, reason } });
    if (!done) return;
    tell({ text: isRemainder ? t`What was kept is erased.` : t`The end is announced: in 72 hours the data is shared again.` });
    onClose();
    onDone();
  };
  return (
    <Dialog title={isRemainder ? t`Erase what was kept` : t`Let the restriction end`} onClose={onClose} isAlert={isRemainder}>
      <CommandForm
        act={isRemainder ? t`Erase it for good` : t`Announce its end`}
        isDangerous={isRemainder}
        onSubmit={end}
        onCancel={onClose}
        command={isRemainder ? erasing : lifting}
        fields={["reason"]}
      >
        <p>
          {isRemainder ? (
            <Trans>It is erased now, here and at recipients, and can't be taken back.</Trans>
          ) : (
            <Trans>The person is told your reason now, and the data rests for another 72 hours.</Trans>
          )}
        </p>
        <TextInput
          label={t`Why`}
          isLong
          value={reason}
          onChange={setReason}
          errors={errorsAt((isRemainder ? erasing : lifting).refusals, "reason")}
          isRequired
          autoFocus
        />
      </CommandForm>
    </Dialog>
  );
}
