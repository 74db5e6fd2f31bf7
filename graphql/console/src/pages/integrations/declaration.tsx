/** What a third party declares: the facts in the reader's language, and its own words to look into. */

import { Plural, Trans, useLingui } from "@lingui/react/macro";
import { useFormats } from "../../language/formats";
import { useSaid } from "./plain_words/said";
import { SAFEGUARD_NAMES } from "./words";
import css from "./install/install.module.css";

interface Facts {
  vendorName: string;
  countries: readonly string[];
  safeguard: string;
  privacyContact: string;
}

interface FactsProperties {
  declaration: Facts;
  countries?: readonly string[];
  /** It stands above the form in which the country is named. */
  isAboveForm?: boolean;
}

export function DeclarationFacts({ declaration, countries = declaration.countries, isAboveForm = false }: FactsProperties) {
  const { i18n } = useLingui();
  const formats = useFormats();
  const safeguard = SAFEGUARD_NAMES[declaration.safeguard];
  return (
    <dl className={css.facts}>
      <dt>
        <Trans>Recipient</Trans>
      </dt>
      <dd data-of-server>{declaration.vendorName}</dd>
      <dt>
        <Trans>Stored in</Trans>
      </dt>
      <dd>
        {countries.length > 0 && `${formats.list(countries.map(formats.country))}.`}
        {countries.length === 0 && (isAboveForm ? <Trans>The country that you name below.</Trans> : <Trans>The country that is named when it is connected.</Trans>)}{" "}
        {safeguard && i18n._(safeguard)}
      </dd>
      <dt>
        <Trans>Ask about privacy</Trans>
      </dt>
      <dd data-of-server>{declaration.privacyContact}</dd>
    </dl>
  );
}

interface Section {
  title: string;
  lines: readonly string[];
  titleMessage: string;
  messages: readonly string[];
}

export function DeclarationWords({ declaration, isOpen = false }: { declaration: { sections: readonly Section[] }; isOpen?: boolean }) {
  const said = useSaid();
  return (
    <details className={css.words} open={isOpen}>
      <summary>
        <Trans>The whole declaration, word for word</Trans>
      </summary>
      {declaration.sections.map(({ title, lines, titleMessage, messages }) => (
        <section key={title}>
          <h3>{said(titleMessage, title)}</h3>
          <ul>
            {lines.map((line, place) => (
              <li key={line}>{said(messages[place] ?? "", line)}</li>
            ))}
          </ul>
        </section>
      ))}
    </details>
  );
}

/** For how long it is kept, and who gets it next. */
export function Retention({ days, onward }: { days: number; onward: readonly string[] }) {
  const formats = useFormats();
  return (
    <>
      <span>
        <Plural value={days} _0="Deleted once it is no longer allowed" one="Kept for # day after that" other="Kept for # days after that" />
      </span>
      {onward.length > 0 && (
        <span>
          <Trans>
            Passed on to <span data-of-server>{formats.list([...onward])}</span>
          </Trans>
        </span>
      )}
    </>
  );
}
