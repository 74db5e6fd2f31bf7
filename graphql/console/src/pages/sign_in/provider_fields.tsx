import { Trans, useLingui } from "@lingui/react/macro";
import type { Refused } from "../../api/failures";
import { errorsAt } from "../../components/command_form";
import { TextInput } from "../../components/fields";
import { Radios } from "../../components/radios";
import { type Admission, ADMISSIONS, type SecondStep, SECOND_STEPS } from "./words";

export interface Entered {
  name: string;
  issuer: string;
  clientId: string;
  clientSecret: string;
  secondStep: SecondStep;
  acrValues: string;
  hostedDomain: string;
  admits: Admission;
}

export const FIELDS = ["name", "issuer", "clientId", "clientSecret", "secondStep", "acrValues", "hostedDomain", "admits"];
const GOOGLE = "https://accounts.google.com";

interface Properties {
  entered: Entered;
  onChange: (entered: Entered) => void;
  refusals: readonly Refused[];
  /** Issuer and client stay as they are while people sign in by the provider. */
  isInForce?: boolean;
  /** A secret is there already: left empty, it stays. */
  hasSecret?: boolean;
}

/** What is entered of a provider. */
export function ProviderFields({ entered, onChange, refusals, isInForce = false, hasSecret = false }: Properties) {
  const { t, i18n } = useLingui();
  const field = (name: keyof Entered) => ({
    value: entered[name],
    onChange: (value: string) => onChange({ ...entered, [name]: value }),
    errors: errorsAt(refusals, name),
    autoComplete: "off",
  });
  return (
    <>
      <TextInput {...field("name")} label={t`Name`} hint={<Trans>How your people call it, such as “Harbour Login”.</Trans>} isRequired />
      <TextInput
        {...field("issuer")}
        label={t`Issuer`}
        hint={<Trans>The provider’s address, letter by letter as it shows it; a slash at the end counts.</Trans>}
        type="url"
        isRequired
        isDisabled={isInForce}
      />
      <TextInput {...field("clientId")} label={t`Client id`} hint={<Trans>Entra calls it “application (client) ID”. You need the addresses first? Enter any, and change it later.</Trans>} isRequired isDisabled={isInForce} />
      <TextInput
        {...field("clientSecret")}
        label={t`Client secret`}
        hint={hasSecret ? <Trans>Left empty, the present one stays. It is never shown.</Trans> : <Trans>It is never shown again.</Trans>}
        type="password"
        isRequired={!hasSecret}
      />
      <Radios
        label={t`Where is the second factor asked for?`}
        options={(["OWN", "PROVEN", "TRUSTED"] as const).map((id) => ({ id, name: i18n._(SECOND_STEPS[id].name), meaning: i18n._(SECOND_STEPS[id].meaning) }))}
        value={entered.secondStep}
        onChange={(secondStep) => onChange({ ...entered, secondStep })}
        errors={errorsAt(refusals, "secondStep")}
      />
      {entered.secondStep === "PROVEN" && (
        <TextInput {...field("acrValues")} label={t`Levels that are a second factor`} hint={<Trans>With spaces between them; only where the provider names such levels.</Trans>} />
      )}
      {entered.issuer.startsWith(GOOGLE) && (
        <TextInput {...field("hostedDomain")} label={t`Domain of your Google Workspace`} hint={<Trans>Accounts have to belong to it.</Trans>} />
      )}
      <Radios
        label={t`Whom may it bring that is no member yet?`}
        options={(["MEMBERS", "ADDRESSES"] as const).map((id) => ({ id, name: i18n._(ADMISSIONS[id].name), meaning: i18n._(ADMISSIONS[id].meaning) }))}
        value={entered.admits}
        onChange={(admits) => onChange({ ...entered, admits })}
        errors={errorsAt(refusals, "admits")}
      />
    </>
  );
}

export function levelsOf(text: string): string[] {
  return text.split(/\s+/u).filter(Boolean);
}
