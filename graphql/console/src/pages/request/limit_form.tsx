/** Approve with words for the person, and say what is withheld, kept, or left in use. */

import { Trans, useLingui } from "@lingui/react/macro";
import { useState } from "react";
import { useCommand } from "../../api/use_command";
import { usePart } from "../../api/use_page";
import { CommandForm, errorsAt } from "../../components/command_form";
import { TextInput, Tick } from "../../components/fields";
import { Part } from "../../components/states";
import { particularsOf } from "./details";
import { ApproveMutation } from "./acts/documents";
import { CategoriesQuery } from "./left/documents";
import { emptyLimitation, type GivenLimitation, limitationInput, LimitationFields } from "./limitation_fields";
import { wordOf } from "../../words/requests";
import css from "./request.module.css";
import type { Right } from "./types";
import { FIELD_NAMES } from "./words";

interface Properties {
  right: Right;
  onCancel: () => void;
  onDone: () => void;
}

const LIMITABLE = new Set(["ACCESS", "PORTABILITY", "ERASURE", "RESTRICTION"]);

export function LimitForm({ right, onCancel, onDone }: Properties) {
  const { t } = useLingui();
  const command = useCommand(ApproveMutation);
  const asked = Object.keys(particularsOf(right).fields ?? {});
  const isLimitable = LIMITABLE.has(right.kind);
  const [reason, setReason] = useState("");
  const [fields, setFields] = useState(asked);
  const [why, setWhy] = useState("");
  const [limitation, setLimitation] = useState<GivenLimitation | null>(null);
  const categories = usePart(CategoriesQuery, {}, isLimitable && limitation !== null);
  const isCorrectionPartial = fields.length < asked.length;
  const approve = async () => {
    const done = await command.run({
      input: {
        rightId: right.id,
        reason,
        ...(isCorrectionPartial ? { fields, limitation: why } : {}),
        limitations: limitation ? [limitationInput(limitation, right.kind)] : [],
      },
    });
    if (done) onDone();
  };
  return (
    <div className={css.act}>
      <CommandForm
        act={limitation || isCorrectionPartial ? t`Approve in part` : t`Approve`}
        isReady={asked.length === 0 || fields.length > 0}
        onSubmit={approve}
        onCancel={onCancel}
        command={command}
        fields={["reason", "limitation"]}
      >
        <TextInput
          label={t`Words for the person, if you like`}
          isLong
          value={reason}
          onChange={setReason}
          errors={limitation ? [] : errorsAt(command.refusals, "reason")}
          autoFocus
        />
        {asked.length > 1 && <Fields asked={asked} chosen={fields} onChange={setFields} />}
        {isCorrectionPartial && (
          <TextInput label={t`Why the others are not corrected`} isLong value={why} onChange={setWhy} errors={errorsAt(command.refusals, "limitation")} isRequired />
        )}
        {isLimitable && (
          <Tick isSelected={limitation !== null} onChange={(is) => setLimitation(is ? emptyLimitation : null)}>
            <Limits right={right} />
          </Tick>
        )}
        {limitation && (
          <Part asked={categories} lines={4}>
            <LimitationFields
              right={right}
              value={limitation}
              onChange={setLimitation}
              categories={namedOnce(categories.data?.heldCategories ?? [])}
              refusals={command.refusals}
            />
          </Part>
        )}
      </CommandForm>
    </div>
  );
}

/** Each category once: of one that two hold the list has two. Everything at once is no limitation, but a refusal. */
function namedOnce(held: readonly { category: string }[]): string[] {
  return [...new Set(held.map(({ category }) => category))].filter((category) => category.includes("."));
}

function Limits({ right }: { right: Right }) {
  if (right.kind === "ERASURE") return <Trans>Something is kept</Trans>;
  if (right.kind === "RESTRICTION") return <Trans>Something stays in use</Trans>;
  return <Trans>Something is left out of the copy</Trans>;
}

function Fields({ asked, chosen, onChange }: { asked: string[]; chosen: string[]; onChange: (names: string[]) => void }) {
  const { i18n } = useLingui();
  return (
    <fieldset className={css.set}>
      <legend>
        <Trans>Correct these</Trans>
      </legend>
      {asked.map((name) => (
        <Tick key={name} isSelected={chosen.includes(name)} onChange={(is) => onChange(asked.filter((one) => (one === name ? is : chosen.includes(one))))}>
          {wordOf(FIELD_NAMES, i18n, name)}
        </Tick>
      ))}
    </fieldset>
  );
}
