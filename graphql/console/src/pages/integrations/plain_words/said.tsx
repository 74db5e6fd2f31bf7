/** A sentence of the server's plain words in the reader's language; what a vendor wrote stands in it as it is. */

import type { MessageDescriptor } from "@lingui/core";
import { useLingui } from "@lingui/react/macro";
import { Fragment, type ReactNode } from "react";
import { useFormats } from "../../../language/formats";
import { capital, categoryName, purposeName } from "../../../words/taxonomy";
import { fieldName } from "../words";
import { PLAIN_WORDS } from "./messages";

type Value = string | number | readonly Value[] | { id: string; values: Record<string, Value> } | Term;
interface Term {
  country?: string;
  category?: string;
  purpose?: string;
  field?: string;
}
/** Between these stands the place of a vendor's own text in the list of them, while a sentence is put together. */
const [OPEN, CLOSE] = ["\uE000", "\uE001"];
const PLACES = new RegExp(`${OPEN}(\\d+)${CLOSE}`, "u");

/** Returns what says a message of the API; where this console does not know it, the server's English is shown. */
export function useSaid(): (message: string, english: string) => ReactNode {
  const { i18n } = useLingui();
  const formats = useFormats();
  return (message, english) => {
    const texts: string[] = [];
    const say = (value: Value): string => {
      if (typeof value === "string") return `${OPEN}${texts.push(value) - 1}${CLOSE}`;
      if (typeof value === "number") return formats.number(value);
      if (Array.isArray(value)) return formats.list(value.map(say));
      return "id" in value ? saidMessage(value) : saidTerm(value as Term);
    };
    const saidMessage = ({ id, values }: { id: string; values: Record<string, Value> }): string => {
      const known = PLAIN_WORDS[id];
      if (!known) throw new RangeError(id);
      const said = Object.entries(values).map(([name, value]) => [name, typeof value === "number" ? value : say(value)]);
      const filled: MessageDescriptor = Object.assign({}, known, { values: Object.fromEntries(said) as Record<string, unknown> });
      return i18n._(filled);
    };
    const saidTerm = ({ country, category, purpose, field }: Term): string => {
      if (country) return formats.country(country);
      if (category) return categoryName(i18n, category);
      return purpose ? purposeName(i18n, purpose) : fieldName(i18n, field ?? "");
    };
    try {
      return parted(capital(say(JSON.parse(message) as Value), i18n.locale), texts);
    } catch {
      return (
        <span lang="en" data-of-server>
          {english}
        </span>
      );
    }
  };
}

/** The sentence with each of the vendor's texts as an element of its own, which its direction does not leave. */
function parted(sentence: string, texts: readonly string[]): ReactNode {
  return sentence.split(PLACES).map((part, place) =>
    place % 2 ? (
      <bdi key={place} data-of-server>
        {texts[Number(part)]}
      </bdi>
    ) : (
      <Fragment key={place}>{part}</Fragment>
    ),
  );
}
