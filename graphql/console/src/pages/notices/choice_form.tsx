import { Trans, useLingui } from "@lingui/react/macro";
import { useState } from "react";
import type { ResultOf } from "../../api/graphql";
import { useCommand } from "../../api/use_command";
import { CommandForm } from "../../components/command_form";
import { Tick } from "../../components/fields";
import { Radios } from "../../components/radios";
import { Section } from "../../components/section";
import { useTell } from "../../shell/outcomes";
import { ChooseNoticesMutation, type NoticesPageQuery } from "./documents";

type Answer = ResultOf<typeof NoticesPageQuery>;

interface Properties {
  choice: NonNullable<Answer["viewer"]["noticeChoice"]>;
  kinds: NonNullable<Answer["noticeKinds"]>;
  refresh: () => void;
}

/** How one is mailed, in every organisation. */
export function ChoiceForm({ choice, kinds, refresh }: Properties) {
  const { t } = useLingui();
  const tell = useTell();
  const command = useCommand(ChooseNoticesMutation);
  const [pace, setPace] = useState(choice.pace);
  const [turnedOff, setTurnedOff] = useState<ReadonlySet<string>>(new Set(choice.turnedOff));
  const save = async () => {
    if (!(await command.run({ input: { pace, turnedOff: [...turnedOff] } }))) return;
    tell({ text: t`Your choice was saved. It counts in every organisation.` });
    refresh();
  };
  const turn = (name: string, isMailed: boolean) => {
    const next = new Set(turnedOff);
    if (isMailed) next.delete(name);
    else next.add(name);
    setTurnedOff(next);
  };
  return (
    <Section title={t`How you are mailed`} about={<Trans>Security, deadlines and rights are mailed at once, whatever you choose. Everything stands here too.</Trans>}>
      <CommandForm act={t`Save`} onSubmit={save} command={command} fields={["pace"]}>
        <Radios
          label={t`When is the rest mailed?`}
          options={[
            { id: "DAILY" as const, name: t`Once a day, in the morning of your time zone` },
            { id: "AT_ONCE" as const, name: t`At once` },
          ]}
          value={pace}
          onChange={setPace}
        />
        <fieldset>
          <legend>
            <Trans>Mailed besides standing here</Trans>
          </legend>
          {kinds
            .filter(({ canBeTurnedOff }) => canBeTurnedOff)
            .map(({ name, when }) => (
              <Tick key={name} isSelected={!turnedOff.has(name)} onChange={(is) => turn(name, is)}>
                <span data-of-server>{when}</span>
              </Tick>
            ))}
        </fieldset>
      </CommandForm>
    </Section>
  );
}
