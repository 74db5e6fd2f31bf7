import { Trans, useLingui } from "@lingui/react/macro";
import { useState } from "react";
import { useCommand } from "../../api/use_command";
import { Button, Buttons } from "../../components/button";
import { CommandForm } from "../../components/command_form";
import { Choice } from "../../components/choice";
import { Deadline } from "../../components/moment";
import { useTell } from "../../shell/outcomes";
import { CommitMutation } from "./acts/documents";
import css from "./request.module.css";
import type { Preview, Request, Right } from "./types";

interface Properties {
  request: Request;
  right: Right;
  preview: Preview;
  isPreviewing: boolean;
  onPreview: () => void;
  refresh: () => void;
}

type Later = "ASK" | "REWRITE" | "KEEP";

/** Commit exactly the preview that stands above: it happens after 14 days, and can be called off until then. */
export function Commit({ request, right, preview, isPreviewing, onPreview, refresh }: Properties) {
  const { t } = useLingui();
  const tell = useTell();
  const command = useCommand(CommitMutation);
  const [later, setLater] = useState<Later>("ASK");
  const name = request.member?.displayName ?? t`this person`;
  const isStale = command.refusals.some(({ code }) => code === "STALE_PREVIEW");
  const commit = async () => {
    const done = await command.run({ input: { rightId: right.id, digest: preview.digest, laterFinds: later === "ASK" ? null : later } });
    const at = done?.right?.scheduledFor;
    if (!at) return;
    tell({
      text: (
        <Trans>
          Committed: <bdi>{name}</bdi> is erased on <Deadline at={at} />. Until then it can be called off.
        </Trans>
      ),
    });
    refresh();
  };
  const again = () => {
    command.clear();
    onPreview();
  };
  return (
    <div className={css.commit}>
      <CommandForm act={t`Erase ${name} in 14 days`} buttonId={`commit-${right.id}`} isDangerous isReady={preview.undecided === 0 && !isStale} onSubmit={commit} command={command} fields={[]}>
        <p>
          <Trans>
            From now on nothing of the person is shared. After 14 days exactly what stands above is erased, with what came to it; until then you and the person can
            call it off.
          </Trans>
        </p>
        <Choice
          label={t`Texts that appear later and may mean the person`}
          options={[
            { id: "ASK", name: t`Ask me then` },
            { id: "REWRITE", name: t`Put the pseudonym in` },
            { id: "KEEP", name: t`Leave them as they are` },
          ]}
          value={later}
          onChange={setLater}
        />
        {preview.undecided > 0 && (
          <p>
            <Trans>Decide on the texts above first.</Trans>
          </p>
        )}
      </CommandForm>
      <Buttons>
        <Button id={`preview-${right.id}`} kind={isStale ? "main" : "quiet"} isPending={isPreviewing} onPress={again}>
          <Trans>Preview again</Trans>
        </Button>
      </Buttons>
    </div>
  );
}
