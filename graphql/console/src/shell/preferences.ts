/** What somebody chose for the account, in every browser; this one keeps it for the time before it is known who looks. */

import { keepLanguage } from "../language/language";
import type { Preferences } from "../sign_in/session";
import { turnKeys } from "./keys";
import { applyTheme, THEMES } from "./theme";

/** Look and speak as the account has it; a session that has no preferences leaves this browser's as they are. */
export async function adoptPreferences(chosen: Preferences | null | undefined): Promise<void> {
  if (!chosen) return;
  applyTheme(THEMES.find((theme) => theme === chosen.theme) ?? "system");
  turnKeys(chosen.has_letter_keys);
  await keepLanguage(chosen.language);
}
