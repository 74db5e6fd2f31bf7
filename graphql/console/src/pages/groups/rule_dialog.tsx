import { Trans, useLingui } from "@lingui/react/macro";
import { useState } from "react";
import { Form } from "react-aria-components";
import type { VariablesOf } from "../../api/graphql";
import { Button, Buttons } from "../../components/button";
import { Dialog } from "../../components/dialog";
import { Choice } from "../../components/choice";
import { TextInput } from "../../components/fields";
import { type Attribute, ATTRIBUTE_NAMES, ATTRIBUTES } from "../../words/groups";
import type { SetGroupRuleMutation } from "./rule/documents";
import type { Group } from "./group_page";
import css from "./groups.module.css";
import { RulePreview } from "./rule_preview";

export type Conditions = VariablesOf<typeof SetGroupRuleMutation>["input"]["conditions"];

interface Draft {
  attribute: Attribute;
  /** One value a line, as it is typed. */
  text: string;
}

const MOST = 5;

function valuesOf(text: string): string[] {
  return text
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");
}

/** Say the conditions, look what they would do, then set them: exactly that happens, or nothing. */
export function RuleDialog({ group, onClose, onDone }: { group: Group; onClose: () => void; onDone: () => void }) {
  const { t, i18n } = useLingui();
  const [drafts, setDrafts] = useState<Draft[]>(
    group.rule?.conditions.map(({ attribute, values }) => ({ attribute, text: values.join("\n") })) ?? [{ attribute: "DEPARTMENT", text: "" }],
  );
  const [looked, setLooked] = useState<Conditions>();
  const change = (place: number, next: Partial<Draft>) => setDrafts(drafts.map((draft, at) => (at === place ? { ...draft, ...next } : draft)));
  const free = ATTRIBUTES.filter((attribute) => !drafts.some((draft) => draft.attribute === attribute));
  const [nextFree] = free;
  if (looked) return <RulePreview group={group} conditions={looked} onBack={() => setLooked(undefined)} onClose={onClose} onDone={onDone} />;
  return (
    <Dialog title={t`Fill the group by a rule`} onClose={onClose}>
      <Form
        onSubmit={(event) => {
          event.preventDefault();
          setLooked(drafts.map(({ attribute, text }) => ({ attribute, values: valuesOf(text) })));
        }}
      >
        <p>
          <Trans>All conditions have to hold. Letter case does not count. Members can change their job title and company themselves.</Trans>
        </p>
        {drafts.map(({ attribute, text }, place) => (
          <fieldset key={place} className={css.condition} aria-label={t`Condition ${place + 1}`}>
            <Choice
              label={t`What it looks at`}
              options={[attribute, ...free].map((id) => ({ id, name: i18n._(ATTRIBUTE_NAMES[id]) }))}
              value={attribute}
              onChange={(next) => change(place, { attribute: next })}
            />
            <TextInput
              label={t`Any of these values`}
              hint={<Trans>One on each line, at most twenty.</Trans>}
              isLong
              isRequired
              value={text}
              onChange={(next) => change(place, { text: next })}
              autoComplete="off"
            />
            {drafts.length > 1 && (
              <Buttons>
                <Button kind="quiet" onPress={() => setDrafts(drafts.filter((_, at) => at !== place))}>
                  <Trans>Leave this condition out</Trans>
                </Button>
              </Buttons>
            )}
          </fieldset>
        ))}
        {nextFree && drafts.length < MOST && (
          <Buttons>
            <Button onPress={() => setDrafts([...drafts, { attribute: nextFree, text: "" }])}>
              <Trans>Add a condition</Trans>
            </Button>
          </Buttons>
        )}
        <Buttons>
          <Button type="submit" kind="main">
            <Trans>Look what it would do</Trans>
          </Button>
          <Button kind="quiet" onPress={onClose}>
            <Trans>Cancel</Trans>
          </Button>
        </Buttons>
      </Form>
    </Dialog>
  );
}
