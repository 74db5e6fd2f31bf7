import { Plural, Trans, useLingui } from "@lingui/react/macro";
import { Button, Buttons } from "../../components/button";
import { DataTable } from "../../components/data_table";
import { Section } from "../../components/section";
import { Reason } from "../../components/states";
import css from "./import.module.css";
import { save, type Sheet, writeSheet } from "./read_file";
import type { Progress } from "./send";

interface Properties {
  sheet: Sheet;
  progress: Progress;
  isRunning: boolean;
  onRetry: () => void;
  onAnew: () => void;
}

const SHOWN = 50;

/** How many came in, and why the others did not; these can be saved as a file, corrected and imported again. */
export function OutcomeOfImport({ sheet, progress, isRunning, onRetry, onAnew }: Properties) {
  const { t } = useLingui();
  const { imported, refused, failure } = progress;
  const all = sheet.rows.length;
  const rowOf = (row: number) => sheet.rows[row - 1] ?? [];
  const shown = refused.slice(0, SHOWN).map(({ row, message }) => ({ id: String(row), row, message, name: rowOf(row).find((cell) => cell.includes("@")) ?? rowOf(row)[0] ?? "" }));
  const saveRefused = () =>
    save(
      t`not-imported.csv`,
      writeSheet(
        [...sheet.titles, t`Why it was not imported`],
        refused.map(({ row, message }) => [...sheet.titles.map((_, place) => rowOf(row)[place] ?? ""), message]),
      ),
    );
  return (
    <>
      <Section title={isRunning ? t`Importing …` : failure ? t`The import did not come to its end` : t`Imported`}>
        <progress className={css.progress} aria-label={t`People dealt with`} value={imported + refused.length} max={all} />
        <div role="status">
          <p>
            <Plural value={imported} _0="Nobody was imported." one="# person was imported." other="# people were imported." />{" "}
            <Plural value={refused.length} _0="Nobody was refused." one="# person was refused." other="# people were refused." />
          </p>
        </div>
        {failure && (
          <>
            <Reason failure={failure} />
            <p>
              <Trans>Send the same file again: whoever is a member by now is refused, and the others are imported.</Trans>
            </p>
          </>
        )}
        {!isRunning && (
          <Buttons>
            {failure && (
              <Button kind="main" onPress={onRetry}>
                <Trans>Send it again</Trans>
              </Button>
            )}
            {refused.length > 0 && (
              <Button onPress={saveRefused}>
                <Trans>Save the refused ones as a file</Trans>
              </Button>
            )}
            <Button kind="quiet" onPress={onAnew}>
              <Trans>Another file</Trans>
            </Button>
          </Buttons>
        )}
      </Section>
      {shown.length > 0 && (
        <Section title={t`Who was refused, and why`}>
          <DataTable
            label={t`Who was refused, and why`}
            columns={[
              { id: "name", title: t`Person`, isRowHeader: true, cell: ({ name }: (typeof shown)[number]) => <bdi>{name}</bdi> },
              { id: "row", title: t`Row of the sheet`, cell: ({ row }: (typeof shown)[number]) => row + 1 },
              { id: "why", title: t`Why`, cell: ({ message }: (typeof shown)[number]) => <span data-of-server>{message}</span> },
            ]}
            rows={shown}
            nameOf={({ name }) => name}
          />
          {refused.length > SHOWN && (
            <p>
              <Trans>The file has them all.</Trans>
            </p>
          )}
        </Section>
      )}
    </>
  );
}
