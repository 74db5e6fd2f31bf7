/** The report of the conformance kit, as `wardship plugin check --json` writes it; read in the browser alone. */

const STATUSES = ["passed", "failed", "exempt", "not run", "not concerned"] as const;
export type Status = (typeof STATUSES)[number];

export interface Rule {
  rule: string;
  level: string;
  status: Status;
  why: string[];
}

export interface Report {
  integration: string;
  version: string;
  level: string | null;
  rules: Rule[];
}

/** Returns the report in a text; undefined where it holds none. */
export function readReport(text: string): Report | undefined {
  try {
    const found: unknown = JSON.parse(text);
    return isReport(found) ? found : undefined;
  } catch {
    return undefined;
  }
}

function isReport(found: unknown): found is Report {
  if (typeof found !== "object" || found === null) return false;
  const { integration, version, level, rules } = found as Record<string, unknown>;
  return typeof integration === "string" && typeof version === "string" && (level === null || typeof level === "string") && Array.isArray(rules) && rules.length > 0 && rules.every(isRule);
}

function isRule(found: unknown): found is Rule {
  if (typeof found !== "object" || found === null) return false;
  const { rule, level, status, why } = found as Record<string, unknown>;
  return typeof rule === "string" && typeof level === "string" && STATUSES.includes(status as Status) && Array.isArray(why) && why.every((one) => typeof one === "string");
}
