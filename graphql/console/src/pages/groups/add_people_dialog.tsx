import { Plural, Trans, useLingui } from "@lingui/react/macro";
import { useState } from "react";
import type { VariablesOf } from "../../api/graphql";
import type { Command } from "../../api/use_command";
import { CommandForm } from "../../components/command_form";
import { Dialog } from "../../components/dialog";
import { bulkResult, type Rows } from "../../components/use_bulk";
import { type Chosen, PeoplePicker } from "../../people/people_picker";
import { useTell } from "../../shell/outcomes";
import type { AddPeopleMutation } from "./people/documents";
import type { Group } from "./group_page";

type Input = VariablesOf<typeof AddPeopleMutation>;

interface Properties {
  group: Group;
  adding: Command<Rows, Input>;
  taking: Command<Rows, Input>;
  onClose: () => void;
  onDone: () => void;
}

export function AddPeopleDialog({ group, adding, taking, onClose, onDone }: Properties) {
  const { t } = useLingui();
  const tell = useTell();
  const [chosen, setChosen] = useState<Chosen[]>([]);
  const [reasons, setReasons] = useState<ReadonlyMap<string, string>>(new Map());
  const input = (memberIds: string[]) => ({ input: { groupId: group.id, memberIds, isPinned: group.rule !== null } });
  const add = async () => {
    const payload = await adding.run(input(chosen.map(({ id }) => id)));
    if (!payload) return;
    const { done, refused } = bulkResult(payload.rows);
    if (done.length) {
      tell({
        text: <Plural value={done.length} one="# person is added, and told." other="# people are added, and told." />,
        undo: () => taking.run(input(done)).then(onDone),
      });
      onDone();
    }
    setReasons(refused);
    setChosen(chosen.filter(({ id }) => refused.has(id)));
    if (refused.size === 0) onClose();
  };
  return (
    <Dialog title={t`Add people`} onClose={onClose}>
      <CommandForm act={t`Add`} isReady={chosen.length > 0} onSubmit={add} onCancel={onClose} command={adding} fields={[]}>
        <PeoplePicker label={t`People`} chosen={chosen} onChange={setChosen} reasons={reasons} />
        <p>
          {group.contactVisibility === "CONTACT_DETAILS" ? (
            <Trans>People in this group see each other’s contact details. Integrations of the group receive what was granted of those who come in.</Trans>
          ) : (
            <Trans>People in this group see each other’s names. Integrations of the group receive what was granted of those who come in.</Trans>
          )}
        </p>
      </CommandForm>
    </Dialog>
  );
}
