import { Trans, useLingui } from "@lingui/react/macro";
import { useState } from "react";
import { useCommand } from "../../api/use_command";
import { Badge } from "../../components/badge";
import { Button, Buttons } from "../../components/button";
import { Deadline } from "../../components/moment";
import { HarmDialog } from "../../components/harm";
import { Section } from "../../components/section";
import { useFormats } from "../../language/formats";
import { useTell } from "../../shell/outcomes";
import { categoryName } from "../../words/taxonomy";
import { WaiveMutation } from "./documents";
import css from "./my_requests.module.css";
import type { OwnRequest, OwnRight } from "./my_request_page";
import { Recipients } from "./recipients";
import { decisionOf, MY_KINDS, MY_STATES, outcomeOf } from "./words";

/** One right: where it stands, what happens next and by when, what was decided, and what each recipient did. */
export function RightCard({ right, request, refresh }: { right: OwnRight; request: OwnRequest; refresh: () => void }) {
  const { i18n } = useLingui();
  const { name, tone, next } = MY_STATES[right.state];
  return (
    <Section title={i18n._(MY_KINDS[right.kind])} actions={<Badge tone={tone}>{i18n._(name)}</Badge>}>
      {next && !isDue(right) && <p className={css.next}>{i18n._(next)}</p>}
      {right.state === "WITH_ADMIN" && (
        <p>
          <Trans>
            If nobody decides, the provider's privacy team has it on <Deadline at={request.acknowledgedAt ? request.decideBy : request.acknowledgeBy} />
          </Trans>
        </p>
      )}
      {right.state === "SCHEDULED" && right.scheduledFor && <Scheduled right={right} at={right.scheduledFor} refresh={refresh} />}
      <Decision right={right} />
      <Recipients recipients={right.recipients} />
    </Section>
  );
}

/** Nobody can call the deletion off any more: a worker has it, or will in a moment. */
function isDue({ state, scheduledFor }: OwnRight): boolean {
  return state === "SCHEDULED" && scheduledFor !== null && new Date(scheduledFor) <= new Date();
}

function Decision({ right }: { right: OwnRight }) {
  const { i18n } = useLingui();
  const formats = useFormats();
  if (!right.decisionCode) return null;
  return (
    <>
      <p>
        <strong>{decisionOf(i18n, right.decisionCode)}</strong>
      </p>
      {right.decisionReason && (
        <p className={css.words} dir="auto">
          {right.decisionReason}
        </p>
      )}
      {right.limitations.map(({ reason, categories, until }) => (
        <p key={reason} className={css.words} dir="auto">
          {categories.length > 0 && <>{formats.list(categories.map((key) => categoryName(i18n, key)))}: </>}
          {reason}{" "}
          {until && (
            <Trans>
              Until <Deadline at={until} isOver />
            </Trans>
          )}
        </p>
      ))}
      {right.outcome.map((code) => (
        <p key={code}>{outcomeOf(i18n, code)}</p>
      ))}
    </>
  );
}

/** A deletion that waits: when it comes, and that one may not want to wait. */
function Scheduled({ right, at, refresh }: { right: OwnRight; at: string; refresh: () => void }) {
  const { t } = useLingui();
  const tell = useTell();
  const [isAsked, setIsAsked] = useState(false);
  const command = useCommand(WaiveMutation);
  const waive = async () => {
    if (!(await command.run({ input: { rightId: right.id } }))) return;
    tell({ text: t`Your data is deleted now.` });
    setIsAsked(false);
    refresh();
  };
  if (isDue(right)) {
    return (
      <p>
        <Trans>It is being deleted now. Your account may go with it: the reference that you were shown when you asked opens the proof.</Trans>
      </p>
    );
  }
  return (
    <>
      <p>
        <Trans>
          Deleted on <Deadline at={at} />
        </Trans>
      </p>
      <Buttons>
        <Button onPress={() => setIsAsked(true)}>
          <Trans>I don't want to wait</Trans>
        </Button>
      </Buttons>
      {isAsked && (
        <HarmDialog
          title={t`Delete now, without waiting`}
          act={t`Delete my data now`}
          figures={[
            { label: t`What goes`, value: t`Your data here, and with everybody who received it` },
            { label: t`Way back`, value: t`None, from this moment` },
          ]}
          people={1}
          objectName=""
          command={command}
          onCommit={waive}
          onClose={() => setIsAsked(false)}
        />
      )}
    </>
  );
}
