import { msg, plural } from "@lingui/core/macro";
import { Trans, useLingui } from "@lingui/react/macro";
import { useState } from "react";
import { useCommand } from "../../api/use_command";
import { Refusals } from "../../components/act_failures";
import { BulkOutcome } from "../../components/bulk_outcome";
import { Button } from "../../components/button";
import { DataTable, SelectionBar } from "../../components/data_table";
import { Reason } from "../../components/states";
import { useObjectAddress } from "../../components/text_link";
import { useKey } from "../../shell/keys";
import { useTell } from "../../shell/outcomes";
import { useMay } from "../../shell/viewer";
import { useColumns, type RequestRow } from "./columns";
import { AcknowledgeManyMutation } from "./documents";

interface Properties {
  rows: readonly RequestRow[];
  refresh: () => void;
}

/** The rows, of which several are acknowledged at once. */
export function RequestList({ rows, refresh }: Properties) {
  const { t } = useLingui();
  const columns = useColumns();
  const addressOf = useObjectAddress();
  const mayDecide = useMay("REQUESTS_DECIDE");
  const act = useAcknowledging(refresh);
  useKey("a", msg`Acknowledge the selected requests`, () => void act.run(), mayDecide && act.selected.size > 0);
  const shown = new Set(rows.map(({ id }) => id));
  const selected = new Set([...act.selected].filter((id) => shown.has(id)));
  return (
    <>
      <SelectionBar count={selected.size} onClear={() => act.select(new Set())}>
        <Button kind="main" isPending={act.command.isRunning} onPress={() => void act.run()}>
          <Trans>Acknowledge</Trans>
        </Button>
      </SelectionBar>
      {act.command.failure && <Reason failure={act.command.failure} isAct />}
      <Refusals refusals={act.command.refusals} />
      <BulkOutcome done={act.done} refused={act.refused} onRetry={() => void act.run([...act.refused.keys()])} />
      <DataTable
        label={t`Requests`}
        columns={columns}
        rows={rows}
        nameOf={({ member }) => member?.displayName ?? t`Somebody you may not see`}
        addressOf={({ id }) => addressOf("requests", id)}
        {...(mayDecide ? { selected, onSelect: act.select, reasonOf: ({ id }: RequestRow) => act.refused.get(id) } : {})}
      />
    </>
  );
}

function useAcknowledging(refresh: () => void) {
  const { t } = useLingui();
  const tell = useTell();
  const command = useCommand(AcknowledgeManyMutation);
  const [selected, select] = useState<ReadonlySet<string>>(new Set());
  const [refused, setRefused] = useState<ReadonlyMap<string, string>>(new Map());
  const [done, setDone] = useState(0);
  const run = async (ids: readonly string[] = [...selected]) => {
    if (command.isRunning || ids.length === 0) return;
    const answer = await command.run({ input: { requestIds: [...ids] } });
    if (!answer) return;
    const failed = new Map(answer.rows.flatMap(({ requestId, error }) => (error ? [[requestId, error.message] as const] : [])));
    const count = answer.rows.length - failed.size;
    setRefused(failed);
    setDone(count);
    select(new Set(failed.keys()));
    if (count) tell({ text: t`${plural(count, { one: "# request is acknowledged: the person is told.", other: "# requests are acknowledged: the people are told." })}` });
    refresh();
  };
  return { command, selected, select, refused, done, run };
}
