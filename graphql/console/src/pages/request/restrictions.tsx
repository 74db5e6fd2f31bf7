/** What the request has put at rest, and when that ends. */

import { Trans, useLingui } from "@lingui/react/macro";
import { useState } from "react";
import { useCommand } from "../../api/use_command";
import { Refusals } from "../../components/act_failures";
import { Button, Buttons } from "../../components/button";
import { CommandForm, errorsAt } from "../../components/command_form";
import { Dialog } from "../../components/dialog";
import { TextInput } from "../../components/fields";
import { Deadline } from "../../components/moment";
import { Reason } from "../../components/states";
import { categoryName } from "../../words/taxonomy";
import { KeepRestrictionMutation, LiftRestrictionMutation, ObjectToRestrictionMutation } from "./left/documents";
import css from "./request.module.css";
import { type Request, useDeciding } from "./types";
import { RESTRICTION_NAMES } from "./words";

type Restriction = NonNullable<NonNullable<Request["member"]>["restrictions"]>[number];

interface Properties {
  request: Request;
  refresh: () => void;
}

export function Restrictions({ request, refresh }: Properties) {
  const { i18n } = useLingui();
  const found = (request.member?.restrictions ?? []).filter(({ requestId, state }) => requestId === request.id && state !== "LIFTED");
  const [ending, setEnding] = useState<Restriction>();
  const keeping = useCommand(KeepRestrictionMutation);
  const { decides } = useDeciding(request);
  if (found.length === 0) return null;
  const keep = async (restriction: Restriction) => {
    if (await keeping.run({ input: { restrictionId: restriction.id } })) refresh();
  };
  const mayEnd = decides("ADMIN") || decides("PRIVACY_TEAM");
  return (
    <section className={css.card} aria-labelledby="rests">
      <h2 id="rests">
        <Trans>What rests</Trans>
      </h2>
      <p className={css.hint}>
        <Trans>It is kept, and shared with nobody; recipients that have it don't use it.</Trans>
      </p>
      <ul className={css.plain}>
        {found.map((restriction) => (
          <li key={restriction.id}>
            <span>
              <strong>{restriction.category ? categoryName(i18n, restriction.category) : <Trans>Everything</Trans>}</strong>
              {": "}
              {i18n._(RESTRICTION_NAMES[restriction.cause])}{" "}
              {restriction.liftAt && (
                <Trans>
                  It ends on <Deadline at={restriction.liftAt} />.
                </Trans>
              )}
            </span>
            {mayEnd && restriction.cause !== "ERASURE" && (
              <Buttons>
                {restriction.state === "IN_FORCE" ? (
                  <Button kind="quiet" onPress={() => setEnding(restriction)}>
                    <Trans>Let it end…</Trans>
                  </Button>
                ) : (
                  <Button kind="quiet" isPending={keeping.isRunning} onPress={() => void keep(restriction)}>
                    <Trans>Let it stay</Trans>
                  </Button>
                )}
              </Buttons>
            )}
          </li>
        ))}
      </ul>
      <Refusals refusals={keeping.refusals} />
      {keeping.failure && <Reason failure={keeping.failure} isAct />}
      {ending && <EndDialog request={request} restriction={ending} onClose={() => setEnding(undefined)} onDone={refresh} />}
    </section>
  );
}

interface EndProperties {
  request: Request;
  restriction: Restriction;
  onClose: () => void;
  onDone: () => void;
}

function EndDialog({ request, restriction, onClose, onDone }: EndProperties) {
  const { t } = useLingui();
  const lifting = useCommand(LiftRestrictionMutation);
  const objecting = useCommand(ObjectToRestrictionMutation);
  const [reason, setReason] = useState("");
  const isAsked = restriction.cause === "REQUESTED";
  const command = isAsked ? lifting : objecting;
  const end = async () => {
    const done = isAsked
      ? await lifting.run({ input: { restrictionId: restriction.id, reason } })
      : await objecting.run({ input: { requestId: request.id, reason } });
    if (!done) return;
    onClose();
    onDone();
  };
  return (
    <Dialog title={t`Let the restriction end`} onClose={onClose}>
      <CommandForm act={t`Announce its end`} onSubmit={end} onCancel={onClose} command={command} fields={["reason"]}>
        <p>
          <Trans>The person is told your reason now, and the data rests for another 72 hours. Until then you can let it stay.</Trans>
        </p>
        <TextInput label={t`Why`} isLong value={reason} onChange={setReason} errors={errorsAt(command.refusals, "reason")} isRequired autoFocus />
      </CommandForm>
    </Dialog>
  );
}
