import { Trans, useLingui } from "@lingui/react/macro";
import { useState } from "react";
import { useCommand } from "../../api/use_command";
import { Button } from "../../components/button";
import { HarmDialog } from "../../components/harm";
import { Day } from "../../components/moment";
import { Section } from "../../components/section";
import { useTell } from "../../shell/outcomes";
import css from "./choices.module.css";
import { DisownMutation } from "./documents";
import type { Account } from "./leaving";

type Made = Account["madeMemberships"][number];

/** Memberships that others made for one's addresses, which one never agreed to. */
export function MadeMemberships({ memberships, refresh }: { memberships: readonly Made[]; refresh: () => void }) {
  const { t } = useLingui();
  const [chosen, setChosen] = useState<Made>();
  return (
    <Section title={t`Memberships that were made without you`} about={<Trans>Somebody entered an address of yours there. If you want nothing to do with it, end it: what was entered is deleted.</Trans>}>
      <ul className={css.list}>
        {memberships.map((made) => (
          <li key={made.id} className={css.row}>
            <span>
              <bdi>{made.organisationName}</bdi>{" "}
              <span className={css.hint}>
                <Trans>
                  for <bdi>{made.address}</bdi>, since <Day at={made.createdAt} />
                </Trans>
              </span>
            </span>
            <Button onPress={() => setChosen(made)} aria-label={t`End the membership in ${made.organisationName}`}>
              <Trans>End it</Trans>
            </Button>
          </li>
        ))}
      </ul>
      {chosen && (
        <Disown
          made={chosen}
          onClose={() => setChosen(undefined)}
          onDone={() => {
            setChosen(undefined);
            refresh();
          }}
        />
      )}
    </Section>
  );
}

function Disown({ made, onClose, onDone }: { made: Made; onClose: () => void; onDone: () => void }) {
  const { t } = useLingui();
  const tell = useTell();
  const command = useCommand(DisownMutation);
  const name = made.organisationName;
  const disown = async () => {
    if (!(await command.run({ input: { membershipId: made.id } }))) return;
    tell({ text: t`The membership in ${name} is ended.` });
    onDone();
  };
  return (
    <HarmDialog
      title={t`End the membership in ${name}`}
      act={t`End it, and delete what was entered`}
      figures={[
        { label: t`What goes`, value: t`what ${name} has entered about you` },
        { label: t`Way back`, value: t`an invitation that you accept` },
      ]}
      people={1}
      objectName=""
      command={command}
      onCommit={disown}
      onClose={onClose}
    />
  );
}
