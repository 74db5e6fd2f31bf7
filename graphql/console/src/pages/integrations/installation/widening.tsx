import { Trans, useLingui } from "@lingui/react/macro";
import { useCommand } from "../../../api/use_command";
import { CommandForm } from "../../../components/command_form";
import { useTell } from "../../../shell/outcomes";
import { useManages } from "../authority";
import { DeclarationWords } from "../declaration";
import { WIDENING_NAMES } from "../words";
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
  const { t, i18n } = useLingui();
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
      <table className={css.table} aria-label={t`What is new`}>
        <thead>
          <tr>
            <th scope="col">
              <Trans>What</Trans>
            </th>
            <th scope="col">
              <Trans>Approved</Trans>
            </th>
            <th scope="col">
              <Trans>Wanted</Trans>
            </th>
          </tr>
        </thead>
        <tbody>
          {pending.differences.map(({ kind, what, before, after }) => (
            <tr key={kind + what}>
              <th scope="row">
                {i18n._(WIDENING_NAMES[kind])} <span className={css.note} data-of-server>{what}</span>
              </th>
              <td data-title={t`Approved`} data-of-server>
                {before || "–"}
              </td>
              <td data-title={t`Wanted`} data-of-server>
                {after || "–"}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
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
