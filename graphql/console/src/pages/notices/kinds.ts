/** The page that notices of a family of kinds are about, where their object has none of its own. */

const PAGES: readonly (readonly [string, string])[] = [
  ["ownership", "settings"],
  ["organisation", "settings"],
  ["merger", "settings"],
  ["domain", "domains"],
  ["provisioning", "provisioning"],
  ["sign_in_provider", "sign-in"],
  ["break_glass", "sign-in"],
  ["deletion", "approvals"],
  ["recovery", "recoveries"],
  ["obligation", "obligations"],
  ["task", "tasks"],
  ["invitation", "invitations"],
  ["request", "requests"],
  ["installation", "integrations"],
  ["declaration", "integrations"],
];

export function pageOfKind(kind: string): string | undefined {
  return PAGES.find(([beginning]) => kind.startsWith(beginning))?.[1];
}
