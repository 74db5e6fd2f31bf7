import { Trans, useLingui } from "@lingui/react/macro";
import { useState } from "react";
import { Badge } from "../../components/badge";
import { Button, Buttons } from "../../components/button";
import { opened } from "../../components/opened";
import { Section } from "../../components/section";
import { useFormats } from "../../language/formats";
import { ATTRIBUTE_NAMES } from "../../words/groups";
import type { GroupProperties } from "./group_page";
import css from "./groups.module.css";

const EndRuleDialog = opened(() => import("./end_rule_dialog"), "EndRuleDialog");
const RuleDialog = opened(() => import("./rule_dialog"), "RuleDialog");

/** What fills the group, for who manages groups. */
export function Rule({ group, onDone }: GroupProperties) {
  const { t, i18n } = useLingui();
  const formats = useFormats();
  const [dialog, setDialog] = useState<"set" | "end">();
  const { rule } = group;
  const isOpen = group.archivedAt === null;
  return (
    <Section
      title={t`Filled by a rule`}
      actions={
        <Buttons>
          {rule?.isResting && <Badge tone="warn">{t`Rests`}</Badge>}
          {isOpen && <Button onPress={() => setDialog("set")}>{rule ? <Trans>Change the rule…</Trans> : <Trans>Set a rule…</Trans>}</Button>}
          {rule && (
            <Button onPress={() => setDialog("end")}>
              <Trans>End the rule…</Trans>
            </Button>
          )}
        </Buttons>
      }
    >
      {rule ? (
        <>
          <p>
            <Trans>Active members for whom all of this holds are put in; when it no longer holds, they are taken out. Each is told.</Trans>
          </p>
          <ul className={css.conditions}>
            {rule.conditions.map(({ attribute, values }) => (
              <li key={attribute}>
                {i18n._(ATTRIBUTE_NAMES[attribute])}: <bdi>{formats.list([...values])}</bdi>
              </li>
            ))}
          </ul>
          {rule.missingDomains.length > 0 && (
            <p>
              <Trans>
                It does nothing until these domains are proven again: <bdi>{formats.list([...rule.missingDomains])}</bdi>.
              </Trans>
            </p>
          )}
          {rule.restsSince && <p><Trans>It does nothing since {formats.date(rule.restsSince)}, because another organisation has joined yours. Look at it, then set it again.</Trans></p>}
        </>
      ) : (
        <p>
          <Trans>People decide who is in this group. A rule can do it instead: by department, job title, company or the domain of the address.</Trans>
        </p>
      )}
      {dialog === "set" && <RuleDialog group={group} onClose={() => setDialog(undefined)} onDone={onDone} />}
      {dialog === "end" && <EndRuleDialog group={group} onClose={() => setDialog(undefined)} onDone={onDone} />}
    </Section>
  );
}
