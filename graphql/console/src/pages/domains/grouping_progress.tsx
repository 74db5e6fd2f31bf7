import { Trans, useLingui } from "@lingui/react/macro";
import { useEffect } from "react";
import { Label, ProgressBar } from "react-aria-components";
import { useSubscription } from "urql";
import { useCommand } from "../../api/use_command";
import { ActFailures } from "../../components/act_failures";
import { Button } from "../../components/button";
import { useFormats } from "../../language/formats";
import { CancelGroupingMutation, GroupingProgressSubscription } from "./documents";
import type { Grouping } from "./grouping_part";
import css from "./domains.module.css";

interface Properties {
  grouping: Grouping;
  mayManage: boolean;
  onOver: () => void;
}

/** How far asking has come, told by the server as it happens. */
export function GroupingProgress({ grouping, mayManage, onOver }: Properties) {
  const { t } = useLingui();
  const { number } = useFormats();
  const command = useCommand(CancelGroupingMutation);
  const [{ data }] = useSubscription({ query: GroupingProgressSubscription, variables: { id: grouping.id } });
  const now = data?.groupingProgress ?? grouping;
  const isOver = now.state !== "RUNNING";
  useEffect(() => {
    if (isOver) onOver();
  }, [isOver]);
  const all = Math.max(grouping.matching + grouping.formerMembers, 1);
  const cancel = async () => {
    if (await command.run({ input: { groupingId: grouping.id } })) onOver();
  };
  return (
    <div className={css.progress}>
      <ProgressBar value={now.notified} minValue={0} maxValue={all} valueLabel={t`${number(now.notified)} of ${number(all)}`}>
        {({ percentage = 0, valueText }) => (
          <>
            <Label>
              <Trans>Being asked: {valueText}</Trans>
            </Label>
            <div className={css.bar}>
              <div style={{ inlineSize: `${percentage}%` }} />
            </div>
          </>
        )}
      </ProgressBar>
      {mayManage && (
        <Button isPending={command.isRunning} onPress={() => void cancel()}>
          <Trans>Stop asking</Trans>
        </Button>
      )}
      <ActFailures commands={[command]} />
    </div>
  );
}
