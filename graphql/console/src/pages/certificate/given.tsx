import { Trans, useLingui } from "@lingui/react/macro";
import { FileUp } from "lucide-react";
import { useState } from "react";
import { DropZone, FileTrigger, type FileDropItem } from "react-aria-components";
import { Button } from "../../components/button";
import { TextInput } from "../../components/fields";
import css from "./certificate.module.css";

/** A certificate is dropped, chosen, or pasted. */
export function Given({ onGiven }: { onGiven: (text: string) => void }) {
  const { t } = useLingui();
  const [pasted, setPasted] = useState("");
  const take = async (files: Iterable<File>) => {
    for (const file of files) onGiven(await file.text());
  };
  const drop = async (items: readonly { kind: string }[]) => {
    const dropped = items.filter((item): item is FileDropItem => item.kind === "file");
    await take(await Promise.all(dropped.map((item) => item.getFile())));
  };
  return (
    <>
      <DropZone className={css.drop!} onDrop={({ items }) => void drop(items)} aria-label={t`Drop the file here`}>
        <FileUp aria-hidden />
        <p>
          <Trans>Drop the file here, or</Trans>
        </p>
        <FileTrigger allowsMultiple onSelect={(files) => void take(files ?? [])}>
          <Button>
            <Trans>Choose a file</Trans>
          </Button>
        </FileTrigger>
      </DropZone>
      <TextInput
        label={t`Or paste its text`}
        isLong
        value={pasted}
        onChange={(text) => {
          setPasted(text);
          if (text.trim()) onGiven(text);
        }}
        autoComplete="off"
        spellCheck="false"
      />
    </>
  );
}
