import { Trans, useLingui } from "@lingui/react/macro";
import { useCommand } from "../../api/use_command";
import { ActFailures } from "../../components/act_failures";
import { Button } from "../../components/button";
import { Deadline } from "../../components/moment";
import { useTell } from "../../shell/outcomes";
import { ReopenMutation } from "./documents";
import css from "./settings.module.css";
import type { Organisation } from "./words";

/** That the organisation leaves, until when it can be kept, and keeping it. */
export function LeavingPart({ organisation, isOwner, refresh }: { organisation: Organisation; isOwner: boolean; refresh: () => void }) {
  const { t } = useLingui();
  const tell = useTell();
  const command = useCommand(ReopenMutation);
  const reopen = async () => {
    if (!(await command.run({ input: { slug: organisation.slug } }))) return;
    tell({ text: t`The organisation stays. Everybody is told.` });
    refresh();
  };
  return (
    <div className={css.leaving} role="alert">
      <p>
        {organisation.stateUntil && (
          <Trans>
            This organisation is being closed. Everything of it is erased on <Deadline at={organisation.stateUntil} />, unless the owner keeps it before.
          </Trans>
        )}{" "}
        {organisation.stateReason && (
          <Trans>
            The reason: <bdi>{organisation.stateReason}</bdi>
          </Trans>
        )}
      </p>
      {isOwner && (
        <Button kind="main" isPending={command.isRunning} onPress={() => void reopen()}>
          <Trans>Keep the organisation</Trans>
        </Button>
      )}
      <ActFailures commands={[command]} />
    </div>
  );
}
