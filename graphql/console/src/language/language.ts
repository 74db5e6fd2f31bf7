/** The language: chosen once, its strings alone are loaded, a page family's with the page; a sign-in's are there. */

import { i18n, type Messages } from "@lingui/core";

export const LANGUAGES = { en: "English", de: "Deutsch" } as const;
export type Language = keyof typeof LANGUAGES;

/** Generated: every string with altered letters, mirrored. For tests and for who checks a page. */
export const PSEUDO = "ar-XB";
const KEY = "wardship.language";
const START = "start";

type Catalogue = () => Promise<{ messages: Messages }>;
const ofStart = import.meta.glob<Messages>("./locales/start/*.po", { eager: true, import: "messages" });
const catalogues = import.meta.glob<{ messages: Messages }>(["./locales/*/*.po", "!./locales/start/*.po"]);
const pseudo = import.meta.glob<{ messages: Messages }>("./locales/*/en.po", { query: "?pseudo" });

/** The families whose strings are loaded: they are in every language that is spoken from now on. */
const spoken = new Set([START]);

/** Choose the language: the address's `lang`, what was chosen before, else what the browser asks for. */
export async function startLanguage(): Promise<void> {
  const wished = [new URLSearchParams(location.search).get("lang"), localStorage.getItem(KEY), ...navigator.languages];
  const locale = wished.map(known).find((one) => one !== undefined) ?? "en";
  if (locale !== i18n.locale) await activate(locale);
}

/** Keep the language of an account, and speak it; an empty one is as the browser asks. */
export async function keepLanguage(language: string): Promise<void> {
  if (language === (localStorage.getItem(KEY) ?? "")) return;
  if (language) localStorage.setItem(KEY, language);
  else localStorage.removeItem(KEY);
  await startLanguage();
}

function known(wish: string | null): string | undefined {
  if (wish === PSEUDO) return PSEUDO;
  const language = wish?.split("-")[0] ?? "";
  return language in LANGUAGES ? language : undefined;
}

async function activate(locale: string) {
  const messages = await Promise.all([...spoken].map((family) => messagesOf(family, locale)));
  i18n.load(locale, Object.assign({}, ...messages) as Messages);
  i18n.activate(locale);
  document.documentElement.lang = locale;
  document.documentElement.dir = isMirrored(locale) ? "rtl" : "ltr";
}

export function isMirrored(locale: string): boolean {
  return locale.startsWith("ar");
}

/** Take another language from now on; the page is loaded anew, since other strings of it are needed. */
export function chooseLanguage(language: Language): void {
  localStorage.setItem(KEY, language);
  const address = new URL(location.href);
  address.searchParams.delete("lang");
  location.assign(address);
  if (address.href === location.href) location.reload();
}

async function messagesOf(family: string, locale: string): Promise<Messages> {
  const present = family === START && ofStart[`./locales/${START}/${locale}.po`];
  if (present) return present;
  const load: Catalogue | undefined =
    locale === PSEUDO ? pseudo[`./locales/${family}/en.po`] : catalogues[`./locales/${family}/${locale}.po`];
  return load ? (await load()).messages : {};
}

/** Load the strings of the shell or of a family of pages, in the present language. */
export async function loadMessages(family: string): Promise<void> {
  spoken.add(family);
  i18n.load(i18n.locale, await messagesOf(family, i18n.locale));
}
