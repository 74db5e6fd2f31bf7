import { msg } from "@lingui/core/macro";
import type { MessageDescriptor } from "@lingui/core";
import { Trans, useLingui } from "@lingui/react/macro";
import { useState } from "react";
import { Badge } from "../../../components/badge";
import { TextInput } from "../../../components/fields";
import { FileButton } from "../../../components/files";
import { Section } from "../../../components/section";
import { useFormats } from "../../../language/formats";
import css from "../installation/installation.module.css";
import { type Report, readReport, type Rule, type Status } from "./report";

const NAMES: Record<Status, MessageDescriptor> = {
  passed: msg`Kept`,
  failed: msg`Broken`,
  exempt: msg`Exempt`,
  "not run": msg`Not run`,
  "not concerned": msg`Not concerned`,
};
const TONES = { passed: "good", failed: "alarm", exempt: "warn", "not run": "warn", "not concerned": "plain" } as const;
/** What needs a look comes first. */
const ORDER: readonly Status[] = ["failed", "not run", "exempt", "passed", "not concerned"];

/** A report of the conformance kit, shown readably; it goes nowhere. */
export function ReportPart() {
  const { t } = useLingui();
  const [text, setText] = useState("");
  const report = readReport(text);
  return (
    <Section title={t`Report of the conformance kit`} about={<Trans>Paste or choose what “wardship plugin check --json” writes. It is read here in your browser, and sent nowhere.</Trans>}>
      <div className={css.panel}>
        <TextInput label={t`Report as JSON`} isLong value={text} onChange={setText} spellCheck="false" />
        <FileButton accept=".json,application/json" onFiles={([file]) => void file?.text().then(setText)}>
          <Trans>Choose a file</Trans>
        </FileButton>
      </div>
      {text.trim() &&
        (report ? (
          <Shown report={report} />
        ) : (
          <p role="alert">
            <Trans>This is no report of the conformance kit.</Trans>
          </p>
        ))}
    </Section>
  );
}

function Shown({ report: { integration, version, level, rules } }: { report: Report }) {
  const { t, i18n } = useLingui();
  const { number } = useFormats();
  const sorted = [...rules].sort((one, other) => ORDER.indexOf(one.status) - ORDER.indexOf(other.status));
  return (
    <div className={css.panel} role="status">
      <h3>
        <bdi data-of-server>
          {integration} {version}
        </bdi>
      </h3>
      <p>
        {level ? (
          <Trans>
            Level reached: <strong data-of-server>{level}</strong>
          </Trans>
        ) : (
          <Trans>No level: a rule was broken, or not run.</Trans>
        )}
      </p>
      <ul className={css.counts}>
        {ORDER.map((status) => (
          <li key={status}>
            <Badge tone={TONES[status]}>{i18n._(NAMES[status])}</Badge> {number(rules.filter((rule) => rule.status === status).length)}
          </li>
        ))}
      </ul>
      <Rules label={t`Rules`} rules={sorted} />
    </div>
  );
}

function Rules({ label, rules }: { label: string; rules: readonly Rule[] }) {
  const { t, i18n } = useLingui();
  return (
    <table className={css.table} aria-label={label}>
      <thead>
        <tr>
          <th scope="col">
            <Trans>Rule</Trans>
          </th>
          <th scope="col">
            <Trans>State</Trans>
          </th>
          <th scope="col">
            <Trans>Why</Trans>
          </th>
        </tr>
      </thead>
      <tbody>
        {rules.map(({ rule, level, status, why }) => (
          <tr key={rule}>
            <th scope="row" data-of-server>
              {rule} <span className={css.note}>{level}</span>
            </th>
            <td data-title={t`State`}>
              <Badge tone={TONES[status]}>{i18n._(NAMES[status])}</Badge>
            </td>
            <td data-title={t`Why`} data-of-server>
              {why.length ? why.join(" ") : "–"}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
