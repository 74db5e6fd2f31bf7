import { Trans } from "@lingui/react/macro";
import { useParams } from "@tanstack/react-router";
import { Download } from "lucide-react";
import button from "./button.module.css";

interface Properties {
  /** A table that the server hands out: `members`, `requests`, `auditLog`, `disclosures`, `obligations`. */
  table: string;
  /** The list's own arguments, paging apart. */
  variables: Record<string, unknown>;
}

/** The whole list as it is filtered, as a file for spreadsheets; the audit log notes that it was handed out. */
export function ExportTable({ table, variables }: Properties) {
  const { organisation = "" } = useParams({ strict: false });
  const query = new URLSearchParams({ organisation, variables: JSON.stringify(variables) });
  return (
    <a className={`${button.button} ${button.plain}`} href={`/tables/${table}?${query.toString()}`} download>
      <Download aria-hidden />
      <Trans>Export as CSV</Trans>
    </a>
  );
}
