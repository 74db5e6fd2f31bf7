import { Plural, Trans, useLingui } from "@lingui/react/macro";
import type { ResultOf } from "../../api/graphql";
import { useCommand } from "../../api/use_command";
import { usePreview } from "../../api/use_preview";
import { Button, Buttons } from "../../components/button";
import { Figure } from "../../components/figure";
import { HarmDialog } from "../../components/harm";
import { useFormats } from "../../language/formats";
import { useTell } from "../../shell/outcomes";
import { PreviewGroupRuleMutation, SetGroupRuleMutation } from "./rule/documents";
import type { Group } from "./group_page";
import css from "./groups.module.css";
import type { Conditions } from "./rule_dialog";

interface Properties {
  group: Group;
  conditions: Conditions;
  onBack: () => void;
  onClose: () => void;
  onDone: () => void;
}

/** What the rule would do now; where it would be something else by the time of setting it, nothing is done. */
export function RulePreview({ group, conditions, onBack, onClose, onDone }: Properties) {
  const { t } = useLingui();
  const formats = useFormats();
  const tell = useTell();
  const preview = usePreview(PreviewGroupRuleMutation, { input: { groupId: group.id, conditions } });
  const command = useCommand(SetGroupRuleMutation);
  const seen = preview.data;
  const counts = [
    ["joiningCount", t`Would come in`],
    ["leavingCount", t`Would be taken out`],
    ["staying", t`Are in it and stay`],
    ["keptOut", t`Left alone, because they left or were taken out`],
  ] as const;
  const figures = counts.map(([field, label]) => {
    const was = preview.before && formats.number(preview.before[field]);
    return { label, value: <Figure now={formats.number(seen?.[field] ?? 0)} was={was} /> };
  });
  const set = async () => {
    if (!seen) return;
    if (!(await command.run({ input: { groupId: group.id, conditions, fingerprint: seen.fingerprint } }))) return preview.refresh();
    tell({ text: <Trans>The rule is set. Everybody who came or went is told why.</Trans> });
    onDone();
    onClose();
  };
  return (
    <HarmDialog
      title={t`What the rule would do`}
      act={t`Set the rule`}
      preview={preview}
      figures={figures}
      people={(seen?.joiningCount ?? 0) + (seen?.leavingCount ?? 0)}
      objectName={group.name}
      command={command}
      onCommit={set}
      onClose={onClose}
    >
      {seen && <Concerned seen={seen} />}
      <Buttons>
        <Button onPress={onBack}>
          <Trans>Back to the conditions</Trans>
        </Button>
      </Buttons>
    </HarmDialog>
  );
}

type Seen = NonNullable<NonNullable<ResultOf<typeof PreviewGroupRuleMutation>["previewGroupRule"]["preview"]>>;

function Concerned({ seen }: { seen: Seen }) {
  const formats = useFormats();
  const names = (people: Seen["firstJoining"]) => formats.list(people.map(({ displayName }) => displayName ?? ""));
  return (
    <div>
      {seen.firstJoining.length > 0 && (
        <p>
          <Trans>
            The first who would come: <bdi>{names(seen.firstJoining)}</bdi>
          </Trans>
        </p>
      )}
      {seen.firstLeaving.length > 0 && (
        <p>
          <Trans>
            The first who would go: <bdi>{names(seen.firstLeaving)}</bdi>
          </Trans>
        </p>
      )}
      {seen.showsContacts && (
        <p>
          <Trans>People in this group see each other’s contact details.</Trans>
        </p>
      )}
      {seen.recipients.length > 0 && (
        <ul className={css.conditions}>
          {seen.recipients.map(({ installation, people }) => (
            <li key={installation.id}>
              <bdi>{installation.name}</bdi>: <Plural value={people} one="would be sent data of # person" other="would be sent data of # people" />
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
