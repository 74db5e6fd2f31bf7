import { useMay } from "../../shell/viewer";
import { ContactForm } from "./contact_form";
import { LegalEntityForm } from "./legal_entity_form";
import { NameForm } from "./name_form";
import { RulesForm } from "./rules_form";
import { RulesRead } from "./rules_read";
import type { Organisation } from "./words";

interface Properties {
  organisation: Organisation;
  refresh: () => void;
}

/** What the organisation decides for itself: for who may change it as forms, for others as it is. */
export function RulesPart({ organisation, refresh }: Properties) {
  const mayChange = useMay("ORGANISATION_UPDATE");
  if (!mayChange) return <RulesRead organisation={organisation} />;
  return (
    <>
      <NameForm organisation={organisation} refresh={refresh} />
      <ContactForm settings={organisation.settings} refresh={refresh} />
      <RulesForm settings={organisation.settings} refresh={refresh} />
      <LegalEntityForm settings={organisation.settings} refresh={refresh} />
    </>
  );
}
