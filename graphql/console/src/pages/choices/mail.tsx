import { msg } from "@lingui/core/macro";
import type { MessageDescriptor } from "@lingui/core";
import { Trans, useLingui } from "@lingui/react/macro";
import { useCommand } from "../../api/use_command";
import { usePart } from "../../api/use_page";
import { ActFailures } from "../../components/act_failures";
import { Tick } from "../../components/fields";
import { useReversible } from "../../components/harm";
import { Radios } from "../../components/radios";
import { Section } from "../../components/section";
import { Part } from "../../components/states";
import css from "./choices.module.css";
import { ChooseMailMutation, MailQuery } from "./documents";

/** The kinds that can be turned off, in words; the API says them in English. */
const KINDS: Record<string, MessageDescriptor> = {
  group_archived: msg`A group of yours was archived`,
  group_restored: msg`An archived group of yours was opened again`,
  content_restored: msg`A text or file of yours that somebody deleted is shared again`,
  invitation_accepted: msg`An invitation was accepted`,
  installation_works: msg`A third party that failed works again`,
};

type Input = { pace?: "AT_ONCE" | "DAILY"; turnedOff?: string[] };

/** When what is not urgent is mailed, and what of it is not mailed at all. */
export function Mail() {
  const { t, i18n } = useLingui();
  const asked = usePart(MailQuery, {});
  const command = useCommand(ChooseMailMutation);
  const reversible = useReversible();
  const choice = asked.data?.viewer.noticeChoice;
  const kinds = asked.data?.noticeKinds.filter(({ canBeTurnedOff }) => canBeTurnedOff) ?? [];
  const run = async (input: Input) => {
    const done = await command.run({ input });
    if (done) asked.refresh();
    return done;
  };
  const choose = (input: Input, before: Input) => void reversible(() => run(input), t`Your choice is kept. It holds in every organisation.`, () => run(before));
  return (
    <Section title={t`Mail`} about={<Trans>What is urgent (security, deadlines, your rights) is always mailed at once. Everything stands in the console, too.</Trans>}>
      <ActFailures commands={[command]} />
      <Part asked={asked} lines={4}>
        {choice && (
          <>
            <Radios
              label={t`What is not urgent`}
              options={[
                { id: "DAILY", name: t`Once a day`, meaning: t`In one mail, at eight in the morning of your time zone.` },
                { id: "AT_ONCE", name: t`At once`, meaning: t`Each in a mail of its own.` },
              ]}
              value={choice.pace}
              onChange={(pace) => choose({ pace }, { pace: choice.pace })}
              isDisabled={command.isRunning}
            />
            <h3>
              <Trans>Mail me when …</Trans>
            </h3>
            <div className={css.kinds}>
              {kinds.map(({ name, when }) => (
                <Tick
                  key={name}
                  isSelected={!choice.turnedOff.includes(name)}
                  isDisabled={command.isRunning}
                  onChange={(is) =>
                    choose({ turnedOff: is ? choice.turnedOff.filter((one) => one !== name) : [...choice.turnedOff, name] }, { turnedOff: [...choice.turnedOff] })
                  }
                >
                  {KINDS[name] ? i18n._(KINDS[name]) : when}
                </Tick>
              ))}
            </div>
          </>
        )}
      </Part>
    </Section>
  );
}
