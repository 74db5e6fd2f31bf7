import { msg } from "@lingui/core/macro";
import type { MessageDescriptor } from "@lingui/core";
import { Trans, useLingui } from "@lingui/react/macro";
import { useState } from "react";
import { useCommand } from "../../api/use_command";
import { ActFailures } from "../../components/act_failures";
import { Button, Buttons } from "../../components/button";
import { Tick } from "../../components/fields";
import { useReversible } from "../../components/harm";
import { Day, Deadline } from "../../components/moment";
import { opened } from "../../components/opened";
import { Section } from "../../components/section";
import { useTell } from "../../shell/outcomes";
import { ShareEarlierMutation, StayMutation } from "./documents";
import type { Account } from "./leaving";

const CloseInstead = opened(() => import("./claim_dialogs"), "CloseInstead");
const MoveAway = opened(() => import("./claim_dialogs"), "MoveAway");

export type Claim = Account["claims"][number];

const STATES: Partial<Record<Claim["state"], MessageDescriptor>> = {
  DETACHED: msg`You moved your account away. This organisation has nothing to do with it any more.`,
  CLOSED: msg`You closed the account instead.`,
  EXEMPT: msg`The organisation leaves your account alone.`,
  RELEASED: msg`The organisation does not hold the domain any more, and asks nothing.`,
};

/** An organisation that asks for the account because of its domain: stay, move away, or close. */
export function ClaimCard({ claim, account, refresh }: { claim: Claim; account: Account; refresh: () => void }) {
  const { i18n, t } = useLingui();
  const { organisationName: name, domain, state } = claim;
  const isAsked = state === "NOTIFIED" || state === "UNDECIDED";
  const words = STATES[state];
  return (
    <Section title={isAsked ? t`${name} asks for your account` : name}>
      {isAsked && <Asking claim={claim} account={account} refresh={refresh} />}
      {state === "MANAGED" && <Managed claim={claim} refresh={refresh} />}
      {words && (
        <p>
          {i18n._(words)} <bdi>{domain}</bdi>
        </p>
      )}
    </Section>
  );
}

function Asking({ claim, account, refresh }: { claim: Claim; account: Account; refresh: () => void }) {
  const { t } = useLingui();
  const tell = useTell();
  const staying = useCommand(StayMutation);
  const [chosen, setChosen] = useState<"move" | "close">();
  const { organisationName: name, domain } = claim;
  const stay = async () => {
    if (!(await staying.run({ input: { claimId: claim.id } }))) return;
    tell({ text: t`You are a member of ${name}. What you did before is not seen there, unless you share it.` });
    refresh();
  };
  const done = () => {
    setChosen(undefined);
    refresh();
  };
  return (
    <>
      <p>
        <Trans>
          Your address is at <bdi>{domain}</bdi>, which {name} has proven to be its own. You choose; nobody does it for you.
        </Trans>{" "}
        {claim.decideUntil && (
          <Trans>
            Choose until <Deadline at={claim.decideUntil} />. After that you are asked before you can go on.
          </Trans>
        )}
      </p>
      <ActFailures commands={[staying]} />
      <Buttons>
        <Button kind="main" isPending={staying.isRunning} onPress={() => void stay()}>
          <Trans>Stay, and become a member</Trans>
        </Button>
        <Button onPress={() => setChosen("move")}>
          <Trans>Move away …</Trans>
        </Button>
        <Button onPress={() => setChosen("close")}>
          <Trans>Close the account …</Trans>
        </Button>
      </Buttons>
      {chosen === "move" && <MoveAway claim={claim} account={account} onClose={() => setChosen(undefined)} onDone={done} />}
      {chosen === "close" && <CloseInstead claim={claim} onClose={() => setChosen(undefined)} onDone={done} />}
    </>
  );
}

function Managed({ claim, refresh }: { claim: Claim; refresh: () => void }) {
  const { t } = useLingui();
  const reversible = useReversible();
  const sharing = useCommand(ShareEarlierMutation);
  const isShared = claim.earlierSharedAt !== null;
  const share = async (is: boolean) => {
    const done = await sharing.run({ input: { claimId: claim.id, isShared: is } });
    if (done) refresh();
    return done;
  };
  return (
    <>
      {claim.managedAt && (
        <p>
          <Trans>
            It sees what you do there since <Day at={claim.managedAt} />.
          </Trans>
        </p>
      )}
      <ActFailures commands={[sharing]} />
      <Tick
        isSelected={isShared}
        isDisabled={sharing.isRunning}
        onChange={(is) => void reversible(() => share(is), is ? t`Administrators see what you did before, too.` : t`Administrators see no more what you did before.`, () => share(!is))}
      >
        <Trans>Let administrators also see what you did before you joined</Trans>
      </Tick>
    </>
  );
}
