import { Trans, useLingui } from "@lingui/react/macro";
import { useState } from "react";
import { Button } from "../../components/button";
import { Choice } from "../../components/choice";
import { Day } from "../../components/moment";
import { Section } from "../../components/section";
import { purposeName } from "../../words/taxonomy";
import type { useChoices } from "../../components/choosing/use_choices";
import css from "./choices.module.css";
import type { Mine } from "./uses";

/** What was objected to; and objecting to a purpose, wherever it is pursued, or to everything. */
export function Objections({ mine, choices }: { mine: Mine; choices: ReturnType<typeof useChoices> }) {
  const { t, i18n } = useLingui();
  const [purpose, setPurpose] = useState<string | null>(null);
  const inForce = mine.myObjections.filter(({ withdrawnAt }) => withdrawnAt === null);
  const isToAll = inForce.some((one) => one.purpose === "" && one.recipient === null);
  const purposes = [...new Set(mine.myRecipients.edges.flatMap(({ node }) => node.uses.map((use) => use.purpose)))]
    .filter((key) => !inForce.some((one) => one.purpose === key && one.recipient === null))
    .map((id) => ({ id, name: purposeName(i18n, id) }));
  return (
    <Section title={t`Objections`} about={<Trans>Nothing more is sent for what you object to, and what was sent is taken back.</Trans>}>
      <ul className={css.list}>
        {inForce.map(({ id, purpose: to, recipient, createdAt }) => (
          <li key={id} className={css.row}>
            <span>
              <What purpose={to && purposeName(i18n, to)} recipient={recipient?.integration} />{" "}
              <span className={css.hint}>
                <Trans>
                  since <Day at={createdAt} />
                </Trans>
              </span>
            </span>
            <Button isDisabled={choices.isRunning} onPress={() => void choices.takeBack(id)}>
              <Trans>Withdraw the objection</Trans>
            </Button>
          </li>
        ))}
      </ul>
      {!isToAll && (
        <div className={css.objecting}>
          {purposes.length > 0 && (
            <>
              <Choice label={t`Object to a use, wherever it is made`} options={purposes} value={purpose} onChange={setPurpose} />
              <Button isDisabled={!purpose || choices.isRunning} onPress={() => purpose && void choices.object({ purpose }).then(() => setPurpose(null))}>
                <Trans>Object to this use</Trans>
              </Button>
            </>
          )}
          <Button isDisabled={choices.isRunning} onPress={() => void choices.object({})}>
            <Trans>Object to all passing on</Trans>
          </Button>
        </div>
      )}
    </Section>
  );
}

function What({ purpose, recipient }: { purpose: string; recipient: string | undefined }) {
  if (purpose && recipient) {
    return (
      <Trans>
        <bdi>{recipient}</bdi>, in order to {purpose}
      </Trans>
    );
  }
  if (purpose) return <Trans>Anybody, in order to {purpose}</Trans>;
  return recipient ? (
    <Trans>
      <bdi>{recipient}</bdi>, whatever for
    </Trans>
  ) : (
    <Trans>Anybody, whatever for</Trans>
  );
}
