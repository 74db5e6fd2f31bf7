import { Trans } from "@lingui/react/macro";
import { Link } from "@tanstack/react-router";
import type { ResultOf } from "../../api/graphql";
import { useCommand } from "../../api/use_command";
import { ActFailures } from "../../components/act_failures";
import { Badge } from "../../components/badge";
import { Button } from "../../components/button";
import { Moment } from "../../components/moment";
import { useFormats } from "../../language/formats";
import css from "./audit.module.css";
import { type AuditQuery, VerifyMutation } from "./documents";
import { auditRoute } from "./route";

/** The act by which the chain tells of itself: its entries say who had it verified. */
const VERIFIED = "audit.verified";

type Verification = ResultOf<typeof AuditQuery>["auditVerification"];

/** Whether the chain was found intact, up to where, and verifying it now; until that is known, its place. */
export function ChainBadge({ verification, refresh }: { verification: Verification | undefined; refresh: () => void }) {
  const { organisation } = auditRoute.useParams();
  const command = useCommand(VerifyMutation);
  const verify = async () => {
    await command.run({ input: { fromStart: verification?.isIntact === false } });
    refresh();
  };
  return (
    <div className={css.chain} data-unknown={verification === undefined || undefined}>
      <p>
        <Said verification={verification ?? null} />
      </p>
      <Button isPending={command.isRunning} onPress={() => void verify()}>
        <Trans>Verify now</Trans>
      </Button>
      <Link to={`/o/${organisation}/audit` as string} search={{ action: VERIFIED } as never}>
        <Trans>Who had it verified, and when</Trans>
      </Link>
      <ActFailures commands={[command]} />
    </div>
  );
}

function Said({ verification }: { verification: Verification }) {
  const { number } = useFormats();
  if (!verification) {
    return (
      <>
        <Badge>
          <Trans>Not verified yet</Trans>
        </Badge>{" "}
        <Trans>Nobody has had the log verified here.</Trans>
      </>
    );
  }
  const { isIntact, verifiedTo, entries, brokenAt, at } = verification;
  if (!isIntact) {
    return (
      <>
        <Badge tone="alarm">
          <Trans>Broken</Trans>
        </Badge>{" "}
        <Trans>
          Entry {number(brokenAt ?? 0)} does not follow from the one before, or is missing (<Moment at={at} />). Export the log, and tell the provider.
        </Trans>
      </>
    );
  }
  return (
    <>
      <Badge tone="good">
        <Trans>Intact</Trans>
      </Badge>{" "}
      <Trans>
        Verified up to entry {number(verifiedTo)} of {number(entries)}, <Moment at={at} />.
      </Trans>
    </>
  );
}
