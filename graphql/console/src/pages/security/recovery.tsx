import { Trans, useLingui } from "@lingui/react/macro";
import { useCommand } from "../../api/use_command";
import { ActFailures } from "../../components/act_failures";
import { Button } from "../../components/button";
import { Day, Deadline } from "../../components/moment";
import { Section } from "../../components/section";
import { useTell } from "../../shell/outcomes";
import { CancelRecoveryMutation } from "./documents";
import type { OwnAccount } from "./security_page";

/** A recovery of the account that is under way: who has lost nothing calls it off. */
export function Recovery({ recovery, refresh }: { recovery: NonNullable<OwnAccount["recovery"]>; refresh: () => void }) {
  const { t } = useLingui();
  const tell = useTell();
  const command = useCommand(CancelRecoveryMutation);
  const cancel = async () => {
    if (!(await command.run({ input: { recoveryId: recovery.id } }))) return;
    tell({ text: t`The recovery is called off. Your second step stays.` });
    refresh();
  };
  return (
    <Section title={t`Somebody wants a new second step for your account`}>
      <p>
        <Trans>
          It was asked for on <Day at={recovery.createdAt} />, and goes on by itself on <Deadline at={recovery.actsAt} />. If you have lost nothing, call it off.
        </Trans>
      </p>
      <ActFailures commands={[command]} />
      <Button kind="danger" isPending={command.isRunning} onPress={() => void cancel()}>
        <Trans>Call it off</Trans>
      </Button>
    </Section>
  );
}
