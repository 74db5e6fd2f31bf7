import { Trans, useLingui } from "@lingui/react/macro";
import { useParams } from "@tanstack/react-router";
import { useState } from "react";
import { usePage } from "../../api/use_page";
import { PageFrame } from "../../components/page_frame";
import { Part } from "../../components/states";
import { guessed, type Target } from "./columns";
import { ChooseFile } from "./choose_file";
import { ImportQuery } from "./documents";
import { Mapping } from "./mapping";
import { OutcomeOfImport } from "./outcome_of_import";
import type { Sheet } from "./read_file";
import { importPeople, type Progress } from "./send";

interface Chosen {
  sheet: Sheet;
  mapping: (Target | null)[];
}

/** A file, what its columns are, its first people; then what became of each. */
export default function ImportPage() {
  const { t } = useLingui();
  const { organisation = "" } = useParams({ strict: false });
  const asked = usePage(ImportQuery, {});
  const [chosen, setChosen] = useState<Chosen>();
  const [progress, setProgress] = useState<Progress>();
  const [isRunning, setIsRunning] = useState(false);
  const begin = async ({ sheet, mapping }: Chosen) => {
    setIsRunning(true);
    setProgress({ imported: 0, refused: [], isWhole: false });
    await importPeople(organisation, sheet, mapping, setProgress);
    setIsRunning(false);
  };
  const anew = () => {
    setChosen(undefined);
    setProgress(undefined);
  };
  return (
    <PageFrame
      title={t`Import people`}
      about={
        <Trans>
          Everybody in the file becomes a member without an account and without a role. Nobody is written to: invite them, or let them register with their
          address.
        </Trans>
      }
    >
      <Part asked={asked} lines={4}>
        {!chosen && <ChooseFile onChosen={(sheet) => setChosen({ sheet, mapping: guessed(sheet.titles) })} />}
        {chosen && !progress && (
          <Mapping
            sheet={chosen.sheet}
            mapping={chosen.mapping}
            onChange={(mapping) => setChosen({ ...chosen, mapping })}
            onImport={() => void begin(chosen)}
            onAnew={anew}
          />
        )}
        {chosen && progress && (
          <OutcomeOfImport sheet={chosen.sheet} progress={progress} isRunning={isRunning} onRetry={() => void begin(chosen)} onAnew={anew} />
        )}
      </Part>
    </PageFrame>
  );
}
