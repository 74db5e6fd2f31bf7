import { Trans, useLingui } from "@lingui/react/macro";
import { useCommand } from "../../api/use_command";
import { ActFailures } from "../../components/act_failures";
import { Button } from "../../components/button";
import { Day } from "../../components/moment";
import { Section } from "../../components/section";
import { useTell } from "../../shell/outcomes";
import { UnlinkMutation } from "./documents";
import css from "./security.module.css";
import type { OwnAccount } from "./security_page";

/** Who else opens the account: nothing stands here where nobody does. */
export function Providers({ account, refresh }: { account: OwnAccount; refresh: () => void }) {
  const { t } = useLingui();
  const tell = useTell();
  const command = useCommand(UnlinkMutation);
  if (account.identities.length === 0) return null;
  const unlink = async (id: string, provider: string) => {
    if (!(await command.run({ input: { identityId: id } }))) return;
    tell({ text: t`You no longer sign in by ${provider}, and your other devices are signed out.` });
    refresh();
  };
  return (
    <Section title={t`Providers by which you sign in`}>
      <ActFailures commands={[command]} />
      <ul className={css.list}>
        {account.identities.map(({ id, provider, usedAt }) => (
          <li key={id} className={css.row}>
            <span>
              <bdi>{provider}</bdi>{" "}
              <span className={css.hint}>
                <Trans>
                  used last on <Day at={usedAt} />
                </Trans>
              </span>
            </span>
            <Button kind="quiet" isDisabled={command.isRunning} aria-label={t`Unlink ${provider}`} onPress={() => void unlink(id, provider)}>
              <Trans>Unlink</Trans>
            </Button>
          </li>
        ))}
      </ul>
    </Section>
  );
}
