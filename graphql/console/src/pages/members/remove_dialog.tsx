import { Plural, Trans, useLingui } from "@lingui/react/macro";
import { useCommand } from "../../api/use_command";
import { usePart } from "../../api/use_page";
import { HarmDialog } from "../../components/harm";
import type { Bulk } from "../../components/use_bulk";
import { useFormats } from "../../language/formats";
import { useTell } from "../../shell/outcomes";
import { bulkAct } from "./bulk_acts";
import { MyRolesQuery, RemoveMembersMutation } from "./documents";

export function RemoveDialog({ bulk, onClose }: { bulk: Bulk; onClose: () => void }) {
  const { t } = useLingui();
  const tell = useTell();
  const formats = useFormats();
  const asked = usePart(MyRolesQuery, {});
  const command = useCommand(RemoveMembersMutation);
  const people = bulk.selected.size;
  const remove = async () => {
    const result = await bulk.run(bulkAct(command, (memberIds) => ({ memberIds })));
    if (!result) return;
    const count = result.done.length;
    if (count) tell({ text: <Plural value={count} one="# person is removed, or waits for approval." other="# people are removed, or wait for approval." /> });
    onClose();
  };
  return (
    <HarmDialog
      title={t`Remove people`}
      act={people === 1 ? t`Remove the person` : t`Remove ${formats.number(people)} people`}
      preview={asked}
      figures={[{ label: t`People`, value: formats.number(people) }]}
      people={people}
      objectName={asked.data?.viewer.organisation.name ?? ""}
      delay={
        <Trans>
          Their memberships end, with all roles and groups, and whoever holds data of them is told to erase it. Their data is erased here once the grace
          period is over; until then each can be restored on his or her page. Removals beyond the limit of a day wait for a second person.
        </Trans>
      }
      command={command}
      onCommit={remove}
      onClose={onClose}
    />
  );
}
