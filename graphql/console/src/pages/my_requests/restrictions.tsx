import { msg } from "@lingui/core/macro";
import type { MessageDescriptor } from "@lingui/core";
import { Trans, useLingui } from "@lingui/react/macro";
import { useCommand } from "../../api/use_command";
import type { introspection } from "../../api/schema";
import { ActFailures } from "../../components/act_failures";
import { Button } from "../../components/button";
import { Day, Deadline } from "../../components/moment";
import { Section } from "../../components/section";
import { useTell } from "../../shell/outcomes";
import { categoryName } from "../../words/taxonomy";
import { LiftMutation } from "./documents";
import css from "./my_requests.module.css";

type Enums = introspection["types"];
type Cause = Enums["RestrictionCause"]["enumValues"];

const CAUSES: Record<Cause, MessageDescriptor> = {
  REQUESTED: msg`You asked for it.`,
  DISPUTED: msg`Your organisation refused a request of yours, and the privacy team has not decided yet.`,
  LATE: msg`A request of yours was not answered in time.`,
  ERASURE: msg`The deletion of your data waits.`,
};

interface Resting {
  id: string;
  cause: Cause;
  category: string;
  state: Enums["RestrictionState"]["enumValues"];
  createdAt: string;
  liftAt: string | null;
}

/** What of one's data rests now, why, and how it is used again. */
export function Restrictions({ restrictions, refresh }: { restrictions: readonly Resting[]; refresh: () => void }) {
  const { t, i18n } = useLingui();
  const tell = useTell();
  const command = useCommand(LiftMutation);
  const inForce = restrictions.filter(({ state }) => state !== "LIFTED");
  if (inForce.length === 0) return null;
  const lift = async (restrictionId: string) => {
    if (!(await command.run({ input: { restrictionId } }))) return;
    tell({ text: t`Your data is used again. You can ask for it to rest at any time.` });
    refresh();
  };
  return (
    <Section title={t`Your data rests`} about={<Trans>It is kept and passed on to nobody; who has it was told not to use it.</Trans>}>
      <ActFailures commands={[command]} />
      <ul className={css.list}>
        {inForce.map(({ id, cause, category, createdAt, liftAt }) => (
          <li key={id} className={css.row}>
            <span>
              {category ? categoryName(i18n, category) : t`Everything`}
              {": "}
              {i18n._(CAUSES[cause])}{" "}
              <Trans>
                Since <Day at={createdAt} />.
              </Trans>{" "}
              {liftAt && (
                <Trans>
                  Your organisation ends this on <Deadline at={liftAt} />.
                </Trans>
              )}
            </span>
            {cause !== "ERASURE" && (
              <Button isDisabled={command.isRunning} onPress={() => void lift(id)}>
                <Trans>Let it be used again</Trans>
              </Button>
            )}
          </li>
        ))}
      </ul>
    </Section>
  );
}
