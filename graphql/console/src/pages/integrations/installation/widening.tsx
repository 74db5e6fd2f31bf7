import { Trans, useLingui } from "@lingui/react/macro";
import { useCommand } from "../../../api/use_command";
import { CommandForm } from "../../../components/command_form";
import { useTell } from "../../../shell/outcomes";
import { useManages } from "../authority";
import { DeclarationWords } from "../declaration";
import { DifferenceTable } from "../plain_words/difference_table";
import { ApproveMutation } from "./documents";
import type { Installation } from "./installation_page";
import css from "./installation.module.css";

interface Properties {
  installation: Installation;
  pending: NonNullable<Installation["pendingDeclaration"]>;
  onDone: () => void;
}

/** A new version takes more than was approved: what more, side by side, and the decision. */
export function Widening({ installation, pending, onDone }: Properties) {
  const { t } = useLingui();
  const tell = useTell();
  const mayManage = useManages()(installation);
  const command = useCommand(ApproveMutation);
  const { id, name } = installation;
  const approve = async () => {
    if (!(await command.run({ input: { installationId: id, declarationDigest: pending.declaration.digest } }))) return;
    tell({
      text: (
        <Trans>
          The new declaration of <bdi>{name}</bdi> holds. What it adds is sent only once you allow it below.
        </Trans>
      ),
    });
    onDone();
  };
  return (
    <section className={`${css.panel} ${css.warn}`}>
      <h2>
        <Trans>It wants more than you approved</Trans>
      </h2>
      <p>
        <Trans>Until you decide, it works by the declaration that you approved, and gets nothing new.</Trans>
      </p>
      <DifferenceTable label={t`What is new`} differences={pending.differences} />
      {pending.alsoDifferent.length > 0 && (
        <details>
          <summary>
            <Trans>What else is different, and asks for nothing more</Trans>
          </summary>
          <DifferenceTable label={t`What else is different`} differences={pending.alsoDifferent} />
        </details>
      )}
      <DeclarationWords declaration={pending.declaration} />
      {mayManage && (
        <CommandForm act={t`Accept the new declaration`} onSubmit={approve} command={command} fields={[]}>
          <p>
            <Trans>If you would rather not: leave it as it is, pause it, or uninstall it.</Trans>
          </p>
        </CommandForm>
      )}
    </section>
  );
}
