import { Trans, useLingui } from "@lingui/react/macro";
import { CopyText } from "../../components/copy_text";
import { Section } from "../../components/section";
import type { Provider } from "./words";

/** What is entered at the provider, and where its people come in. */
export function AddressesPart({ provider: { addresses } }: { provider: Provider }) {
  const { t } = useLingui();
  return (
    <>
      <Section title={t`To enter at the provider`} about={<Trans>Register a web application with the authorization code flow there, and enter these.</Trans>}>
        <CopyText label={t`Redirect address (callback)`} text={addresses.redirectUrl} />
        <CopyText label={t`Address after signing out`} text={addresses.postLogoutRedirectUrl} />
        <CopyText label={t`Back-channel logout address`} text={addresses.backChannelLogoutUrl} />
      </Section>
      <Section
        title={t`Sign-in address`}
        about={<Trans>For your people alone: nobody guesses it. Put it on your intranet, or into the provider as the address of the application.</Trans>}
      >
        <CopyText label={t`Sign-in address for your people`} text={addresses.signInUrl} />
      </Section>
    </>
  );
}
