import { Trans, useLingui } from "@lingui/react/macro";
import type { ResultOf } from "../../api/graphql";
import { useCommand } from "../../api/use_command";
import { ActFailures } from "../../components/act_failures";
import { Button } from "../../components/button";
import { Deadline } from "../../components/moment";
import { Section } from "../../components/section";
import { useTell } from "../../shell/outcomes";
import { ComeBackMutation, type MyRequestsQuery } from "./documents";

type Period = NonNullable<ResultOf<typeof MyRequestsQuery>["myGracePeriod"]>;

/** For who has left: until when the data is kept, and the way back. */
export function Grace({ grace, refresh }: { grace: Period; refresh: () => void }) {
  const { t } = useLingui();
  const tell = useTell();
  const command = useCommand(ComeBackMutation);
  if (grace.state === "ENDED") return null;
  const comeBack = async () => {
    if (!(await command.run({ input: { memberId: grace.memberId } }))) return;
    tell({ text: t`You are back. What is granted is shared again.` });
    refresh();
  };
  return (
    <Section title={t`Your membership has ended`}>
      <p>
        {grace.state === "RUNNING" ? (
          <Trans>
            Your data is kept, and passed on to nobody. Its deletion is asked for on <Deadline at={grace.endsAt} />.
          </Trans>
        ) : (
          <Trans>The deletion of your data was asked for. You are told what becomes of it.</Trans>
        )}
      </p>
      <ActFailures commands={[command]} />
      {grace.canReactivate ? (
        <Button isPending={command.isRunning} onPress={() => void comeBack()}>
          <Trans>Come back</Trans>
        </Button>
      ) : (
        <p>
          <Trans>An administrator can take you back until then.</Trans>
        </p>
      )}
    </Section>
  );
}
