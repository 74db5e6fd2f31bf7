import { Trans, useLingui } from "@lingui/react/macro";
import { useParams } from "@tanstack/react-router";
import type { ResultOf } from "../../api/graphql";
import { usePart } from "../../api/use_page";
import { useSession } from "../../api/session_store";
import { LinkButton } from "../../components/link_button";
import { Section } from "../../components/section";
import { Part } from "../../components/states";
import { ClaimCard } from "./claim_card";
import { CloseAccount } from "./close_account";
import { LeavingQuery } from "./documents";
import { MadeMemberships } from "./made_memberships";

export type Account = NonNullable<ResultOf<typeof LeavingQuery>["viewer"]["account"]>;

/** Who asks for the account, memberships that others made, leaving, and the end of the account. */
export function Leaving() {
  const { t } = useLingui();
  const asked = usePart(LeavingQuery, {});
  const { organisation = "" } = useParams({ strict: false });
  const { session } = useSession();
  const viewer = asked.data?.viewer;
  const account = viewer?.account;
  return (
    <Part asked={asked} lines={6}>
      {account?.claims.map((claim) => (
        <ClaimCard key={claim.id} claim={claim} account={account} refresh={asked.refresh} />
      ))}
      {account && account.madeMemberships.length > 0 && <MadeMemberships memberships={account.madeMemberships} refresh={asked.refresh} />}
      {viewer?.member?.state === "ACTIVE" && session.provider !== organisation && (
        <Section title={t`Leave the organisation`}>
          <p>
            <Trans>
              You ask for it; nothing more is shared from then on. Your data is kept for 90 days, in which you can come back. Then its deletion is asked for. A copy
              is best asked for before.
            </Trans>
          </p>
          <LinkButton to={`/o/${encodeURIComponent(organisation)}/me/ask?kind=DEACTIVATION`}>
            <Trans>Ask to leave</Trans>
          </LinkButton>
        </Section>
      )}
      {account && <CloseAccount account={account} belongs={session.organisations.length > 0} refresh={asked.refresh} />}
      {viewer && !account && (
        <p>
          <Trans>You signed in by your organisation's provider: sign in with your own password to decide on your account.</Trans>
        </p>
      )}
    </Part>
  );
}
