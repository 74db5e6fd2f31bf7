import { Trans, useLingui } from "@lingui/react/macro";
import { Badge } from "../../components/badge";
import { Facts } from "../../components/facts";
import { Day, Deadline, Moment } from "../../components/moment";
import { Section } from "../../components/section";
import { RecordPart } from "./record_part";
import { StateStory } from "./state_story";
import { DOMAIN_STATES, DOMAIN_TONES, type DomainDetails, FINDINGS, OVER } from "./words";

interface Properties {
  domain: DomainDetails;
  mayManage: boolean;
  refresh: () => void;
}

/** Where the domain stands, what happens next and when, and the record that proves it. */
export function StatePart({ domain, mayManage, refresh }: Properties) {
  const { t, i18n } = useLingui();
  const { state, stateSince, checkedAt, checkAt, finding, provenAt, quarantinedUntil, isCheckAsked } = domain;
  return (
    <Section title={t`Proof`}>
      <p>
        <Badge tone={DOMAIN_TONES[state]}>{i18n._(DOMAIN_STATES[state])}</Badge>{" "}
        <Trans>
          since <Day at={stateSince} />
        </Trans>
      </p>
      <StateStory domain={domain} />
      {isCheckAsked && (
        <p role="status">
          <Trans>The record is being looked for.</Trans>
        </p>
      )}
      <Facts
        facts={[
          { label: t`Last look`, value: checkedAt && <Moment at={checkedAt} /> },
          { label: t`What it found`, value: finding && i18n._(FINDINGS[finding]) },
          { label: t`Found last`, value: provenAt && <Moment at={provenAt} /> },
          { label: t`Next look`, value: checkAt && !OVER.has(state) && <Moment at={checkAt} /> },
          { label: t`In quarantine until`, value: quarantinedUntil && <Deadline at={quarantinedUntil} /> },
        ]}
      />
      {!OVER.has(state) && <RecordPart domain={domain} mayManage={mayManage} refresh={refresh} />}
    </Section>
  );
}
