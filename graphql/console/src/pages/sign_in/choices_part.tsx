import { Trans, useLingui } from "@lingui/react/macro";
import { Facts } from "../../components/facts";
import { Moment } from "../../components/moment";
import { Section } from "../../components/section";
import { ADMISSIONS, type Provider, SECOND_STEPS } from "./words";

/** What was entered, the secret apart. */
export function ChoicesPart({ provider }: { provider: Provider }) {
  const { t, i18n } = useLingui();
  const { issuer, clientId, secondStep, acrValues, hostedDomain, admits, testedAt } = provider;
  return (
    <Section title={t`What was entered`}>
      <Facts
        facts={[
          { label: t`Issuer`, value: <code>{issuer}</code> },
          { label: t`Client id`, value: <code>{clientId}</code> },
          { label: t`Second factor`, value: i18n._(SECOND_STEPS[secondStep].name) },
          { label: t`Levels that are a second factor`, value: acrValues.length > 0 && <code>{acrValues.join(" ")}</code> },
          { label: t`Google Workspace`, value: hostedDomain && <bdi>{hostedDomain}</bdi> },
          { label: t`Brings, besides members`, value: i18n._(ADMISSIONS[admits].name) },
          { label: t`Tried last`, value: testedAt ? <Moment at={testedAt} /> : <Trans>Never</Trans> },
        ].map((fact) => ({ ...fact, value: fact.value || null }))}
      />
    </Section>
  );
}
