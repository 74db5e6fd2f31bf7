/** What one limitation names, why, and until when. */

import { getLocalTimeZone, parseDate } from "@internationalized/date";
import { Trans, useLingui } from "@lingui/react/macro";
import type { VariablesOf } from "../../api/graphql";
import type { Refused } from "../../api/failures";
import { errorsAt } from "../../components/command_form";
import { Choice } from "../../components/choice";
import { TextInput, Tick } from "../../components/fields";
import { categoryName } from "../../words/taxonomy";
import type { ApproveMutation } from "./acts/documents";
import css from "./request.module.css";
import type { Right } from "./types";
import { LIMITATION_REASON_NAMES, type LimitationReason } from "./words";

export interface GivenLimitation {
  code: LimitationReason;
  reason: string;
  categories: readonly string[];
  parts: readonly string[];
  /** Ids of posts and files, as pasted: one in a line. */
  items: string;
  passageOf: string;
  passage: string;
  until: string;
  keepsAtRecipients: boolean;
}

export const emptyLimitation: GivenLimitation = {
  code: "OTHERS_RIGHTS",
  reason: "",
  categories: [],
  parts: [],
  items: "",
  passageOf: "",
  passage: "",
  until: "",
  keepsAtRecipients: false,
};

type Input = NonNullable<VariablesOf<typeof ApproveMutation>["input"]["limitations"]>[number];

export function limitationInput(given: GivenLimitation, kind: Right["kind"]): Input {
  const isErasure = kind === "ERASURE";
  return {
    reasonCode: given.code,
    reason: given.reason,
    categories: [...given.categories],
    columns: [...given.parts],
    items: given.items.split(/\s+/).filter(Boolean),
    passages: given.passage ? [{ itemId: given.passageOf.trim(), text: given.passage }] : [],
    until: isErasure && given.until ? parseDate(given.until).add({ days: 1 }).toDate(getLocalTimeZone()).toISOString() : null,
    keepsAtRecipients: isErasure && given.keepsAtRecipients,
  };
}

interface Properties {
  right: Right;
  value: GivenLimitation;
  onChange: (value: GivenLimitation) => void;
  categories: readonly string[];
  refusals: readonly Refused[];
}

export function LimitationFields({ right, value, onChange, categories, refusals }: Properties) {
  const { t, i18n } = useLingui();
  const put = (change: Partial<GivenLimitation>) => onChange({ ...value, ...change });
  const turn = (list: readonly string[], name: string, is: boolean) => (is ? [...list, name] : list.filter((one) => one !== name));
  const isErasure = right.kind === "ERASURE";
  const isCopy = right.kind === "ACCESS" || right.kind === "PORTABILITY";
  const parts = [
    { id: "looked_at_by", name: t`Who looked at the data` },
    { id: "changes", name: t`What was changed` },
    { id: "mentioned_in", name: t`Where others mention the person` },
  ];
  return (
    <div className={css.limitation}>
      <Choice
        label={t`Why, as the certificate says it`}
        options={(Object.keys(LIMITATION_REASON_NAMES) as LimitationReason[]).map((id) => ({ id, name: i18n._(LIMITATION_REASON_NAMES[id]) }))}
        value={value.code}
        onChange={(code) => put({ code })}
      />
      <TextInput
        label={t`Why, in words for the person`}
        isLong
        value={value.reason}
        onChange={(reason) => put({ reason })}
        errors={errorsAt(refusals, "reason")}
        isRequired
      />
      <fieldset className={css.set}>
        <legend>
          <Trans>Which data</Trans>
        </legend>
        {categories.map((category) => (
          <Tick key={category} isSelected={value.categories.includes(category)} onChange={(is) => put({ categories: turn(value.categories, category, is) })}>
            {categoryName(i18n, category)}
          </Tick>
        ))}
        {isCopy &&
          parts.map(({ id, name }) => (
            <Tick key={id} isSelected={value.parts.includes(id)} onChange={(is) => put({ parts: turn(value.parts, id, is) })}>
              {name}
            </Tick>
          ))}
      </fieldset>
      {right.kind !== "RESTRICTION" && (
        <TextInput
          label={t`Single posts or files, by their ids`}
          hint={<Trans>One in a line; the id stands in the address of its page.</Trans>}
          isLong
          value={value.items}
          onChange={(items) => put({ items })}
          errors={errorsAt(refusals, "items")}
        />
      )}
      {isCopy && (
        <>
          <TextInput label={t`A passage of a text`} value={value.passage} onChange={(passage) => put({ passage })} errors={errorsAt(refusals, "passages")} />
          {value.passage && (
            <TextInput label={t`Id of the post or file with the passage`} value={value.passageOf} onChange={(passageOf) => put({ passageOf })} isRequired />
          )}
        </>
      )}
      {isErasure && (
        <>
          <TextInput
            type="date"
            label={t`Kept until the end of`}
            hint={<Trans>Then it is erased by itself. Only what is held for a legal case may be left open.</Trans>}
            value={value.until}
            onChange={(until) => put({ until })}
            errors={errorsAt(refusals, "until")}
          />
          <Tick isSelected={value.keepsAtRecipients} onChange={(keepsAtRecipients) => put({ keepsAtRecipients })}>
            <Trans>Recipients that have it keep it too, without using it</Trans>
          </Tick>
        </>
      )}
    </div>
  );
}
