import { Trans, useLingui } from "@lingui/react/macro";
import { useState } from "react";
import { useCommand } from "../../api/use_command";
import { ActFailures } from "../../components/act_failures";
import { Badge } from "../../components/badge";
import { Button, Buttons } from "../../components/button";
import { useReversible } from "../../components/harm";
import { Day } from "../../components/moment";
import { opened } from "../../components/opened";
import { Section } from "../../components/section";
import { useTell } from "../../shell/outcomes";
import { ActivateProviderMutation, EnforceProviderMutation, RelaxProviderMutation } from "./documents";
import { type Provider, PROVIDER_STATES, PROVIDER_TONES } from "./words";

const EnforceDialog = opened(() => import("./enforce_dialog"), "EnforceDialog");

interface Properties {
  provider: Provider;
  mayManage: boolean;
  refresh: () => void;
}

/** Where the provider stands, what that means for people, and the next step. */
export function StepsPart({ provider, mayManage, refresh }: Properties) {
  const { t, i18n } = useLingui();
  const { state, stateSince, trouble, troubleSince } = provider;
  return (
    <Section title={t`Where it stands`}>
      <p>
        <Badge tone={PROVIDER_TONES[state]}>{i18n._(PROVIDER_STATES[state])}</Badge>{" "}
        <Trans>
          since <Day at={stateSince} />
        </Trans>
      </p>
      {trouble && (
        <div role="alert">
          <p>
            <Badge tone="alarm">
              <Trans>In trouble</Trans>
            </Badge>{" "}
            {troubleSince && (
              <Trans>
                People can’t sign in by it since <Day at={troubleSince} />.
              </Trans>
            )}{" "}
            <span data-of-server>{trouble}</span>
          </p>
        </div>
      )}
      <p>
        <Meaning state={state} />
      </p>
      {mayManage && <NextStep provider={provider} refresh={refresh} />}
    </Section>
  );
}

function Meaning({ state }: { state: Provider["state"] }) {
  switch (state) {
    case "DRAFT":
      return <Trans>Nobody can sign in by it yet. Enter the addresses below at the provider, then try it: sign in by it yourself.</Trans>;
    case "TESTED":
      return <Trans>It was tried and works. Nobody signs in by it until you put it in force.</Trans>;
    case "ACTIVE":
      return <Trans>People sign in by it, or by their own accounts.</Trans>;
    case "ENFORCED":
      return <Trans>People sign in by it alone. The owner still comes in by password and second factor, for the day on which the provider is out of order; who manages sign-in is told of each such time.</Trans>;
    case "OFF":
      return <Trans>Nobody signs in by it any more. Another provider can take its place.</Trans>;
  }
}

function NextStep({ provider, refresh }: { provider: Provider; refresh: () => void }) {
  const { t } = useLingui();
  const tell = useTell();
  const reversible = useReversible();
  const activation = useCommand(ActivateProviderMutation);
  const relaxation = useCommand(RelaxProviderMutation);
  const enforcement = useCommand(EnforceProviderMutation);
  const [isEnforcing, setIsEnforcing] = useState(false);
  const input = { input: { providerId: provider.id } };
  const activate = async () => {
    if (await activation.run(input)) tell({ text: t`People can sign in by ${provider.name} now.` });
    refresh();
  };
  const relax = async () => {
    const back = () => enforcement.run(input).finally(refresh);
    await reversible(() => relaxation.run(input), t`People can sign in by their own accounts again besides.`, back);
    refresh();
  };
  const { state, addresses } = provider;
  return (
    <>
      <Buttons>
        {(state === "DRAFT" || state === "TESTED") && (
          <a href={addresses.testUrl} target="_blank" rel="noreferrer">
            <Trans>Try it in a new tab</Trans>
          </a>
        )}
        {state === "DRAFT" && (
          <Button onPress={refresh}>
            <Trans>I have tried it: look again</Trans>
          </Button>
        )}
        {state === "TESTED" && (
          <Button kind="main" isPending={activation.isRunning} onPress={() => void activate()}>
            <Trans>Put it in force</Trans>
          </Button>
        )}
        {state === "ACTIVE" && (
          <Button onPress={() => setIsEnforcing(true)}>
            <Trans>Make it the only way in …</Trans>
          </Button>
        )}
        {state === "ENFORCED" && (
          <Button isPending={relaxation.isRunning} onPress={() => void relax()}>
            <Trans>Let people use their own accounts too</Trans>
          </Button>
        )}
      </Buttons>
      <ActFailures commands={[activation, relaxation, ...(isEnforcing ? [] : [enforcement])]} />
      {isEnforcing && <EnforceDialog provider={provider} command={enforcement} onClose={() => setIsEnforcing(false)} onDone={refresh} />}
    </>
  );
}
