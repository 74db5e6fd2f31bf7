import { Trans, useLingui } from "@lingui/react/macro";
import { useState } from "react";
import { useCommand } from "../../api/use_command";
import { CommandForm, errorsAt } from "../../components/command_form";
import { Tick } from "../../components/fields";
import { Radios } from "../../components/radios";
import { Section } from "../../components/section";
import { useTell } from "../../shell/outcomes";
import { SetPolicyMutation } from "./documents";
import { type DomainDetails, type Enrolment, ENROLMENT_MEANINGS, ENROLMENTS } from "./words";

const CHOICES: Enrolment[] = ["OFF", "SUGGEST", "INVITE", "JOIN_NEW", "CLAIM_EXISTING"];

interface Properties {
  domain: DomainDetails;
  mayManage: boolean;
  refresh: () => void;
}

/** What is wanted of accounts with an address at the domain. */
export function PolicyPart({ domain, mayManage, refresh }: Properties) {
  const { t, i18n } = useLingui();
  const tell = useTell();
  const command = useCommand(SetPolicyMutation);
  const now = domain.policy?.enrolment ?? "OFF";
  const isBelowNow = domain.policy?.isForSubtree ?? false;
  const [enrolment, setEnrolment] = useState<Enrolment>(now);
  const [isBelow, setIsBelow] = useState(isBelowNow);
  const save = async () => {
    if (!(await command.run({ input: { domainId: domain.id, enrolment, isForSubtree: isBelow } }))) return;
    tell({ text: t`The choice for accounts at this domain was saved.` });
    refresh();
  };
  return (
    <Section
      title={t`People with an address there`}
      about={<Trans>It gives membership and never a role. It is in force while the domain is proven.</Trans>}
    >
      {mayManage ? (
        <CommandForm act={t`Save`} isReady={enrolment !== now || isBelow !== isBelowNow} onSubmit={save} command={command} fields={["isForSubtree", "enrolment"]}>
          <Radios
            label={t`What do you want of them?`}
            options={CHOICES.map((id) => ({ id, name: i18n._(ENROLMENTS[id]), meaning: i18n._(ENROLMENT_MEANINGS[id]) }))}
            value={enrolment}
            onChange={setEnrolment}
            errors={[...errorsAt(command.refusals, "enrolment"), ...errorsAt(command.refusals, "isForSubtree")]}
          />
          {domain.scope === "SUBTREE" && (
            <Tick isSelected={isBelow} onChange={setIsBelow}>
              <Trans>Also of accounts at the names below</Trans>
            </Tick>
          )}
        </CommandForm>
      ) : (
        <p>
          <strong>{i18n._(ENROLMENTS[now])}</strong> {i18n._(ENROLMENT_MEANINGS[now])}
        </p>
      )}
    </Section>
  );
}
