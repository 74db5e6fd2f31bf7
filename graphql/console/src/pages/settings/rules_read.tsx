import { Trans, useLingui } from "@lingui/react/macro";
import { Facts } from "../../components/facts";
import { Section } from "../../components/section";
import { useFormats } from "../../language/formats";
import type { Organisation } from "./words";

/** The rules, for who may not change them. */
export function RulesRead({ organisation: { name, slug, settings } }: { organisation: Organisation }) {
  const { t } = useLingui();
  const { country, list, number } = useFormats();
  const { grievanceContact, legalEntity, forbiddenCountries, membersMayInstall, dpdpDays } = settings;
  return (
    <Section title={t`Rules of the organisation`} about={<Trans>Owner and administrators change them.</Trans>}>
      <Facts
        facts={[
          { label: t`Name`, value: <bdi>{name}</bdi> },
          { label: t`Short name in addresses`, value: <bdi>{slug}</bdi> },
          { label: t`Whom you turn to with questions about data`, value: grievanceContact ? <bdi>{grievanceContact}</bdi> : <Trans>Nobody is named</Trans> },
          { label: t`Company that is responsible for the data`, value: legalEntity ? <bdi>{legalEntity}</bdi> : <Trans>Not named</Trans> },
          { label: t`Members may connect third parties for themselves`, value: membersMayInstall ? <Trans>Yes</Trans> : <Trans>No</Trans> },
          { label: t`Countries to which no third party may carry data`, value: forbiddenCountries.length ? list(forbiddenCountries.map(country)) : <Trans>None</Trans> },
          { label: t`Days in which requests under the law of India are answered`, value: dpdpDays ? number(dpdpDays) : <Trans>The law’s own time</Trans> },
        ]}
      />
    </Section>
  );
}
