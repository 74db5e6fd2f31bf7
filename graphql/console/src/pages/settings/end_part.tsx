import { Trans, useLingui } from "@lingui/react/macro";
import { useState } from "react";
import { useCommand } from "../../api/use_command";
import { Button, Buttons } from "../../components/button";
import { CommandForm, errorsAt } from "../../components/command_form";
import { Dialog } from "../../components/dialog";
import { TextInput } from "../../components/fields";
import { Section } from "../../components/section";
import { CloseMutation } from "./documents";
import type { Organisation } from "./words";

/** Close the organisation: after 48 hours everything of it is erased. */
export function EndPart({ organisation, refresh }: { organisation: Organisation; refresh: () => void }) {
  const { t } = useLingui();
  const [isClosing, setIsClosing] = useState(false);
  if (organisation.state !== "active") return null;
  return (
    <Section title={t`Close the organisation`} about={<Trans>Everything of it is erased here and taken back at third parties, 48 hours after you say so. Until then you can keep it.</Trans>}>
      <Buttons>
        <Button kind="danger" onPress={() => setIsClosing(true)}>
          <Trans>Close the organisation …</Trans>
        </Button>
      </Buttons>
      {isClosing && <CloseDialog organisation={organisation} onClose={() => setIsClosing(false)} onDone={refresh} />}
    </Section>
  );
}

function CloseDialog({ organisation, onClose, onDone }: { organisation: Organisation; onClose: () => void; onDone: () => void }) {
  const { t } = useLingui();
  const command = useCommand(CloseMutation);
  const [slug, setSlug] = useState("");
  const [reason, setReason] = useState("");
  const close = async () => {
    if (!(await command.run({ input: { slug: slug.trim(), reason } }))) return;
    onClose();
    onDone();
  };
  return (
    <Dialog title={t`Close ${organisation.name}`} onClose={onClose} isAlert>
      <CommandForm act={t`Close it in 48 hours`} isDangerous isReady={slug.trim() === organisation.slug} onSubmit={close} onCancel={onClose} command={command} fields={["slug", "reason"]}>
        <ul>
          <li>
            <Trans>Everybody in it is told now, with the reason. For 48 hours they can go on and take copies of their data.</Trans>
          </li>
          <li>
            <Trans>From now on nothing more is shared with third parties, and nobody joins.</Trans>
          </li>
          <li>
            <Trans>After 48 hours everything is erased, and third parties have to erase it too. Only the audit log and certificates stay. That can’t be taken back.</Trans>
          </li>
        </ul>
        <TextInput label={t`Reason`} hint={<Trans>A line that its people read; no personal data. It may be left empty.</Trans>} value={reason} onChange={setReason} errors={errorsAt(command.refusals, "reason")} />
        <TextInput
          label={t`Type the short name to go on: ${organisation.slug}`}
          value={slug}
          onChange={setSlug}
          errors={errorsAt(command.refusals, "slug")}
          autoComplete="off"
        />
      </CommandForm>
    </Dialog>
  );
}
