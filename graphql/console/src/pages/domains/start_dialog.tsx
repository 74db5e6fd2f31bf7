import { Trans, useLingui } from "@lingui/react/macro";
import { useCommand } from "../../api/use_command";
import { CommandForm } from "../../components/command_form";
import { Dialog } from "../../components/dialog";
import { Facts } from "../../components/facts";
import { Moment } from "../../components/moment";
import { useFormats } from "../../language/formats";
import { useTell } from "../../shell/outcomes";
import { StartGroupingMutation } from "./documents";
import type { Grouping } from "./grouping_part";
import type { DomainDetails } from "./words";

interface Properties {
  domain: DomainDetails;
  grouping: Grouping;
  onClose: () => void;
  onStarted: () => void;
}

/** What was counted; asking begins from here. */
export function StartDialog({ domain, grouping, onClose, onStarted }: Properties) {
  const { t } = useLingui();
  const tell = useTell();
  const { number } = useFormats();
  const command = useCommand(StartGroupingMutation);
  const start = async () => {
    if (!(await command.run({ input: { groupingId: grouping.id } }))) return;
    tell({ text: t`The accounts are being asked. What this part shows goes on by itself.` });
    onClose();
    onStarted();
  };
  return (
    <Dialog title={t`Ask the accounts at ${domain.displayName}`} onClose={onClose}>
      <CommandForm act={t`Ask them now`} onSubmit={start} onCancel={onClose} command={command} fields={[]}>
        <Facts
          facts={[
            { label: t`Will be asked`, value: number(grouping.matching + grouping.formerMembers) },
            { label: t`Of these, former members`, value: number(grouping.formerMembers) },
            { label: t`Members already: not asked`, value: number(grouping.members) },
            { label: t`Asked before: not asked again`, value: number(grouping.claimed) },
            { label: t`Mailbox not proven since the domain is yours: not asked`, value: number(grouping.unproven) },
            { label: t`Somebody else answers for the name below: not asked`, value: number(grouping.elsewhere) },
          ]}
        />
        <p>
          <Trans>
            Each is told by mail and here, and has 14 days to choose: join without any role, keep the account with another address, or close it.
            Until then you see the address alone.
          </Trans>
        </p>
        {grouping.stateUntil && (
          <p>
            <Trans>
              This count expires <Moment at={grouping.stateUntil} />. Asking can be stopped: who was not told yet is left alone.
            </Trans>
          </p>
        )}
      </CommandForm>
    </Dialog>
  );
}
