/** Records that were issued in this tab: their values are told once, and are in no store. */

export interface IssuedRecord {
  name: string;
  value: string;
}

const issued = new Map<string, IssuedRecord>();

export function rememberRecord(domainId: string, record: IssuedRecord): void {
  issued.set(domainId, record);
}

export function recordOf(domainId: string): IssuedRecord | undefined {
  return issued.get(domainId);
}
