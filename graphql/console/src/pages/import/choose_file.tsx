import { Trans, useLingui } from "@lingui/react/macro";
import { useState } from "react";
import { Button, Buttons } from "../../components/button";
import { FileButton, FileDrop } from "../../components/files";
import { TARGET_NAMES, TARGETS } from "./columns";
import css from "./import.module.css";
import { readSheet, save, type Sheet, type Unreadable, writeSheet } from "./read_file";

export function ChooseFile({ onChosen }: { onChosen: (sheet: Sheet) => void }) {
  const { t, i18n } = useLingui();
  const [fault, setFault] = useState<Unreadable>();
  const faults: Record<Unreadable, string> = {
    "too-large": t`The file is larger than 16 MB: divide it, and import the parts one after the other.`,
    "no-text": t`This is not a text in UTF-8: in the spreadsheet, save it as “CSV UTF-8”.`,
    "no-rows": t`Nobody is in this file: its first line names the columns, each further line is a person.`,
    broken: t`A quotation mark in the file is not closed: save it again as CSV.`,
  };
  const take = async (file: File | undefined) => {
    if (!file) return;
    const sheet = await readSheet(file);
    if (typeof sheet === "string") setFault(sheet);
    else onChosen(sheet);
  };
  const sample = () =>
    save(
      t`people.csv`,
      writeSheet(
        TARGETS.map((target) => i18n._(TARGET_NAMES[target])),
        [["ann@example.org", "Ann Müller", "Dr.", "Ann", "Müller", "Engineer", "Example GmbH", "ann", "0049 30 1234", "Beispielweg 1, 10115 Berlin", ""]],
      ),
    );
  return (
    <FileDrop className={css.drop} label={t`Drop the file here`} onFiles={([file]) => void take(file)}>
      <p>
        <Trans>A file of CSV: its first line names the columns, each further line is a person. Only the e-mail address is needed. At most 50,000 people.</Trans>
      </p>
      <div role="alert">{fault && <p className={css.fault}>{faults[fault]}</p>}</div>
      <Buttons>
        <FileButton kind="main" accept="text/csv,.csv,.tsv,.txt" onFiles={([file]) => void take(file)}>
          <Trans>Choose a file…</Trans>
        </FileButton>
        <Button kind="quiet" onPress={sample}>
          <Trans>Save a sample file</Trans>
        </Button>
      </Buttons>
      <p className={css.hint}>
        <Trans>Or drop it here. Nothing is sent before you have seen what its columns are taken for.</Trans>
      </p>
    </FileDrop>
  );
}
