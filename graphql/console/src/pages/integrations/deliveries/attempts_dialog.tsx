import { Trans, useLingui } from "@lingui/react/macro";
import { useCommand } from "../../../api/use_command";
import { CommandForm } from "../../../components/command_form";
import { Dialog } from "../../../components/dialog";
import { Facts } from "../../../components/facts";
import { Moment } from "../../../components/moment";
import { useTell } from "../../../shell/outcomes";
import { OBLIGATION_STATE_NAMES, VERB_NAMES } from "../../../words/obligations";
import css from "../installation/installation.module.css";
import { type Attempt, type Delivery, OPEN } from "./columns";
import { RetryMutation } from "./documents";

interface Properties {
  delivery: Delivery;
  /** Whether who looks may have it tried again. */
  mayRetry: boolean;
  onDone: () => void;
  onClose: () => void;
}

/** Each attempt with its end, and what can be done about it. */
export function AttemptsDialog({ delivery, mayRetry, onDone, onClose }: Properties) {
  const { t, i18n } = useLingui();
  const { verb, state, attempts, detail, dueAt, nextAt, endedAt, obligationId, installationId } = delivery;
  const canBe = mayRetry && ["PENDING", "WAITING", "MANUAL", "FAILED"].includes(state);
  return (
    <Dialog title={i18n._(VERB_NAMES[verb])} onClose={onClose}>
      <Facts
        facts={[
          { label: t`State`, value: i18n._(OBLIGATION_STATE_NAMES[state]) },
          { label: t`Answer`, value: detail && <bdi data-of-server>{detail}</bdi> },
          { label: endedAt ? t`Ended` : t`Due`, value: <Moment at={endedAt ?? dueAt} isExact /> },
          { label: t`Next try`, value: OPEN.has(state) ? <Moment at={nextAt} isExact /> : null },
          { label: t`Obligation`, value: obligationId && <bdi data-of-server>{obligationId}</bdi> },
          { label: t`Installation`, value: installationId && <bdi data-of-server>{installationId}</bdi> },
        ]}
      />
      <Attempts attempts={attempts} />
      {canBe && <Retry delivery={delivery} onDone={onDone} onClose={onClose} />}
    </Dialog>
  );
}

function Attempts({ attempts }: { attempts: readonly Attempt[] }) {
  const { t } = useLingui();
  if (attempts.length === 0) {
    return (
      <p>
        <Trans>Its attempts are not known.</Trans>
      </p>
    );
  }
  return (
    <table className={css.table} aria-label={t`Attempts`}>
      <thead>
        <tr>
          <th scope="col">
            <Trans>Attempt</Trans>
          </th>
          <th scope="col">
            <Trans>When</Trans>
          </th>
          <th scope="col">
            <Trans>End</Trans>
          </th>
        </tr>
      </thead>
      <tbody>
        {attempts.map(({ number, at, status, code, httpStatus }) => (
          <tr key={number}>
            <th scope="row">{number}</th>
            <td data-title={t`When`}>
              <Moment at={at} isExact />
            </td>
            <td data-title={t`End`} data-of-server>
              {[status, code === status ? "" : code, httpStatus === null ? "" : `HTTP ${httpStatus}`].filter(Boolean).join(", ")}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Retry({ delivery, onDone, onClose }: Omit<Properties, "mayRetry">) {
  const { t } = useLingui();
  const tell = useTell();
  const command = useCommand(RetryMutation);
  const retry = async () => {
    if (!(await command.run({ input: { obligationId: delivery.id } }))) return;
    tell({ text: t`It is tried now.` });
    onDone();
    onClose();
  };
  return (
    <CommandForm act={t`Try now`} onSubmit={retry} command={command} fields={[]}>
      <p>
        {delivery.state === "MANUAL" ? (
          <Trans>A person has it now. If the third party can do it again, it is taken back from that person and tried once more.</Trans>
        ) : delivery.state === "FAILED" ? (
          <Trans>This one stays failed. The same is owed anew, and tried.</Trans>
        ) : (
          <Trans>It is tried again by itself at the time above. You need not wait for that.</Trans>
        )}
      </p>
    </CommandForm>
  );
}
