import { Trans, useLingui } from "@lingui/react/macro";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { useCommand } from "../../api/use_command";
import { ActFailures } from "../../components/act_failures";
import { Badge } from "../../components/badge";
import { Button, Buttons } from "../../components/button";
import { Moment } from "../../components/moment";
import { opened } from "../../components/opened";
import { Section } from "../../components/section";
import { useFormats } from "../../language/formats";
import { PreviewGroupingMutation } from "./documents";
import { GroupingProgress } from "./grouping_progress";
import { accountClaimsRoute, domainRoute } from "./route";
import { type DomainDetails, GROUPING_STATES } from "./words";

const StartDialog = opened(() => import("./start_dialog"), "StartDialog");

interface Properties {
  domain: DomainDetails;
  mayManage: boolean;
  refresh: () => void;
}

export type Grouping = DomainDetails["groupings"]["edges"][number]["node"];

/** Count the accounts that exist at the domain, then ask them: each owner chooses. */
export function GroupingPart({ domain, mayManage, refresh }: Properties) {
  const { t } = useLingui();
  const { organisation } = domainRoute.useParams();
  const counting = useCommand(PreviewGroupingMutation);
  const [startingId, setStartingId] = useState<string>();
  const groupings = domain.groupings.edges.map(({ node }) => node).toReversed();
  const starting = groupings.find(({ id }) => id === startingId);
  const running = groupings.find(({ state }) => state === "RUNNING");
  const count = async () => {
    const done = await counting.run({ input: { domainId: domain.id } });
    if (!done?.grouping) return;
    setStartingId(done.grouping.id);
    refresh();
  };
  const mayCount = mayManage && domain.state === "VERIFIED" && domain.policy?.enrolment === "CLAIM_EXISTING";
  return (
    <Section
      title={t`Accounts that exist already`}
      about={
        <Trans>
          They are counted first, and nobody is told. Only when you start are they asked; each person has 14 days to choose.{" "}
          <Link to={accountClaimsRoute.to} params={{ organisation }}>
            Accounts that were asked
          </Link>
        </Trans>
      }
    >
      {running && <GroupingProgress grouping={running} mayManage={mayManage} onOver={refresh} />}
      {groupings.length > 0 && <Past groupings={groupings.filter(({ state }) => state !== "RUNNING")} onStart={mayCount ? setStartingId : undefined} />}
      {mayCount && !running && (
        <Buttons>
          <Button isPending={counting.isRunning} onPress={() => void count()}>
            <Trans>Count the accounts there</Trans>
          </Button>
        </Buttons>
      )}
      {mayManage && !mayCount && (
        <p>
          <Trans>To ask accounts that exist already, the domain has to be proven, and the choice above has to say that they are asked.</Trans>
        </p>
      )}
      <ActFailures commands={[counting]} />
      {starting && <StartDialog domain={domain} grouping={starting} onClose={() => setStartingId(undefined)} onStarted={refresh} />}
    </Section>
  );
}

function Past({ groupings, onStart }: { groupings: Grouping[]; onStart: ((id: string) => void) | undefined }) {
  const { i18n } = useLingui();
  const formats = useFormats();
  return (
    <ul>
      {groupings.map(({ id, state, createdAt, matching, formerMembers, notified }) => (
        <li key={id}>
          <Badge>{i18n._(GROUPING_STATES[state])}</Badge> <Moment at={createdAt} />:{" "}
          {state === "PREVIEWED" ? (
            <Trans>{formats.number(matching + formerMembers)} would be asked</Trans>
          ) : (
            <Trans>{formats.number(notified)} were asked</Trans>
          )}
          {state === "PREVIEWED" && onStart && (
            <>
              {" "}
              <Button kind="quiet" onPress={() => onStart(id)}>
                <Trans>Look and start</Trans>
              </Button>
            </>
          )}
        </li>
      ))}
    </ul>
  );
}
