import { Trans, useLingui } from "@lingui/react/macro";
import { FileUp } from "lucide-react";
import { useState } from "react";
import { TextInput } from "../../components/fields";
import { FileButton, FileDrop } from "../../components/files";
import css from "./certificate.module.css";

/** A certificate is dropped, chosen, or pasted. */
export function Given({ onGiven }: { onGiven: (text: string) => void }) {
  const { t } = useLingui();
  const [pasted, setPasted] = useState("");
  const take = async (files: Iterable<File>) => {
    for (const file of files) onGiven(await file.text());
  };
  return (
    <>
      <FileDrop className={css.drop} label={t`Drop the file here`} onFiles={(files) => void take(files)}>
        <FileUp aria-hidden />
        <p>
          <Trans>Drop the file here, or</Trans>
        </p>
        <FileButton isMany onFiles={(files) => void take(files)}>
          <Trans>Choose a file</Trans>
        </FileButton>
      </FileDrop>
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
