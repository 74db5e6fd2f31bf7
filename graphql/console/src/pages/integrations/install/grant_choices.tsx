import { Trans, useLingui } from "@lingui/react/macro";
import type { ResultOf } from "../../../api/graphql";
import { Badge } from "../../../components/badge";
import { Button } from "../../../components/button";
import { Tick } from "../../../components/fields";
import { useFormats } from "../../../language/formats";
import { capital, categoryName, purposeName } from "../../../words/taxonomy";
import { Retention } from "../declaration";
import { AUDIENCE_NAMES, BASIS_NAMES, fieldName } from "../words";
import type { InstallQuery } from "./documents";
import css from "./install.module.css";

type Declared = NonNullable<ResultOf<typeof InstallQuery>["availableIntegrations"][number]["declaration"]>;
type Received = Declared["receives"][number];
type Provided = Declared["provides"][number];

/** Names an entry of a declaration. */
export function pairOf({ category, purpose }: { category: string; purpose: string }): string {
  return `${category} ${purpose}`;
}

interface Properties {
  receives: readonly Received[];
  allowed: ReadonlySet<string>;
  onChange: (allowed: ReadonlySet<string>) => void;
}

export function GrantChoices({ receives, allowed, onChange }: Properties) {
  const { i18n } = useLingui();
  const formats = useFormats();
  const all = receives.map(pairOf);
  const fieldsOf = ({ fields }: Received) => formats.list(fields.map((name) => fieldName(i18n, name)));
  const toggle = (pair: string, is: boolean) => onChange(new Set(is ? [...allowed, pair] : [...allowed].filter((one) => one !== pair)));
  return (
    <>
      <ul className={css.choices}>
        {receives.map((entry) => (
          <li key={pairOf(entry)}>
            <Tick isSelected={allowed.has(pairOf(entry))} onChange={(is) => toggle(pairOf(entry), is)}>
              <strong>{capital(categoryName(i18n, entry.category), i18n.locale)}</strong>{" "}
              {entry.isSpecial && (
                <Badge tone="warn">
                  <Trans>Specially protected</Trans>
                </Badge>
              )}
            </Tick>
            <div className={css.details}>
              {fieldsOf(entry) !== categoryName(i18n, entry.category) && <span>{fieldsOf(entry)}</span>}
              <span>
                <Trans>In order to: {purposeName(i18n, entry.purpose)}</Trans>
              </span>
              <span>
                {i18n._(AUDIENCE_NAMES[entry.audience])} · {i18n._(BASIS_NAMES[entry.legalBasis])}
              </span>
              <Retention days={entry.retentionDays} onward={entry.onwardRecipients} />
            </div>
          </li>
        ))}
      </ul>
      {all.length > 1 && (
        <div>
          <Button kind="quiet" onPress={() => onChange(new Set(allowed.size === all.length ? [] : all))}>
            {allowed.size === all.length ? <Trans>Tick nothing</Trans> : <Trans>Tick all</Trans>}
          </Button>
        </div>
      )}
    </>
  );
}

interface IncomingProperties {
  provides: readonly Provided[];
  allowed: ReadonlySet<string>;
  onChange: (allowed: ReadonlySet<string>) => void;
}

/** What it may send here of people. */
export function IncomingChoices({ provides, allowed, onChange }: IncomingProperties) {
  const { i18n } = useLingui();
  const formats = useFormats();
  const toggle = (pair: string, is: boolean) => onChange(new Set(is ? [...allowed, pair] : [...allowed].filter((one) => one !== pair)));
  return (
    <ul className={css.choices}>
      {provides.map((entry) => (
        <li key={pairOf(entry)}>
          <Tick isSelected={allowed.has(pairOf(entry))} onChange={(is) => toggle(pairOf(entry), is)}>
            <strong>{capital(categoryName(i18n, entry.category), i18n.locale)}</strong>{" "}
            {entry.isSpecial && (
              <Badge tone="warn">
                <Trans>Specially protected</Trans>
              </Badge>
            )}
          </Tick>
          <div className={css.details}>
            <span data-of-server>{formats.list(entry.fields.map((name) => fieldName(i18n, name)))}</span>
            <span>
              <Trans>In order to: {purposeName(i18n, entry.purpose)}</Trans>
            </span>
          </div>
        </li>
      ))}
    </ul>
  );
}
