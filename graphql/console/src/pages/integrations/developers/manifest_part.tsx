import { Trans, useLingui } from "@lingui/react/macro";
import { type FormEvent, type ReactNode, useState } from "react";
import type { ResultOf } from "../../../api/graphql";
import { usePart } from "../../../api/use_page";
import { Button, Buttons } from "../../../components/button";
import { TextInput } from "../../../components/fields";
import { FileButton } from "../../../components/files";
import { Section } from "../../../components/section";
import { Part } from "../../../components/states";
import { DeclarationFacts, DeclarationWords } from "../declaration";
import css from "../installation/installation.module.css";
import { DifferenceTable } from "../plain_words/difference_table";
import { CheckManifestQuery } from "./documents";

type Checked = ResultOf<typeof CheckManifestQuery>["checkManifest"];
type Fault = Checked["faults"][number];

/** A pasted declaration as administrators will see it, and what is different from an earlier version. */
export function ManifestPart() {
  const { t } = useLingui();
  const [document, setDocument] = useState("");
  const [earlier, setEarlier] = useState("");
  const [sent, setSent] = useState<{ document: string; against: string | null }>();
  const asked = usePart(CheckManifestQuery, sent ?? { document: "", against: null }, sent !== undefined);
  const check = (event: FormEvent) => {
    event.preventDefault();
    setSent({ document, against: earlier.trim() ? earlier : null });
  };
  return (
    <Section title={t`See it as administrators will`} about={<Trans>Paste what “wardship plugin describe --json” writes, or the document that your server serves. Nothing of it is kept.</Trans>}>
      <form onSubmit={check}>
        <Document label={t`Declaration as JSON`} text={document} onChange={setDocument} isRequired />
        <Document label={t`An earlier version, to compare with`} text={earlier} onChange={setEarlier} />
        <Buttons>
          <Button type="submit" kind="main" isDisabled={!document.trim()}>
            <Trans>Show it</Trans>
          </Button>
        </Buttons>
      </form>
      {sent && (
        <Part asked={asked} lines={6}>
          {asked.data && <Shown checked={asked.data.checkManifest} isCompared={sent.against !== null} />}
        </Part>
      )}
    </Section>
  );
}

function Document({ label, text, onChange, isRequired = false }: { label: string; text: string; onChange: (text: string) => void; isRequired?: boolean }) {
  return (
    <div className={css.pasted}>
      <TextInput label={label} isLong value={text} onChange={onChange} isRequired={isRequired} spellCheck="false" />
      <FileButton accept=".json,application/json" onFiles={([file]) => void file?.text().then(onChange)}>
        <Trans>Choose a file</Trans>
      </FileButton>
    </div>
  );
}

function Shown({ checked, isCompared }: { checked: Checked; isCompared: boolean }) {
  const { t } = useLingui();
  const { name, version, faults, warnings, earlierFaults, declaration, differences } = checked;
  return (
    <>
      <Faults title={t`It would be refused`} faults={faults} />
      <Faults title={t`The earlier version can’t be read`} faults={earlierFaults} />
      <Faults title={t`It says what does not hold`} faults={warnings} />
      {declaration && (
        <div className={css.panel}>
          <h3>
            <bdi data-of-server>
              {name} {version}
            </bdi>
          </h3>
          <DeclarationFacts declaration={declaration} />
          <DeclarationWords declaration={declaration} isOpen />
        </div>
      )}
      {isCompared && declaration && earlierFaults.length === 0 && <Differences differences={differences} />}
    </>
  );
}

function Differences({ differences }: { differences: Checked["differences"] }) {
  const { t } = useLingui();
  const more = differences.filter(({ effect }) => effect === "WIDER").length;
  let conclusion: ReactNode = <Trans>Nothing is different.</Trans>;
  if (more > 0) conclusion = <Trans>Administrators will have to approve this version: until then it goes on by the earlier one.</Trans>;
  else if (differences.length > 0) conclusion = <Trans>It takes no more than before, and applies at once.</Trans>;
  return (
    <div className={css.panel}>
      <h3>
        <Trans>What is different</Trans>
      </h3>
      <p>{conclusion}</p>
      {differences.length > 0 && <DifferenceTable label={t`What is different`} differences={differences} />}
    </div>
  );
}

function Faults({ title, faults }: { title: string; faults: readonly Fault[] }) {
  if (faults.length === 0) return null;
  return (
    <div className={`${css.panel} ${css.warn}`} role="status">
      <h3>{title}</h3>
      <ul lang="en" data-of-server>
        {faults.map(({ where, what }) => (
          <li key={where + what}>
            {where && <code>{where}</code>} {what}
          </li>
        ))}
      </ul>
    </div>
  );
}
