import { Trans, useLingui } from "@lingui/react/macro";
import { Link } from "@tanstack/react-router";
import { Deadline } from "../../components/moment";
import { type Clocked, NextClock, nextClock } from "../../components/next_clock";
import { Section } from "../../components/section";
import { ObjectLink } from "../../components/text_link";
import { useMay } from "../../shell/viewer";
import { DeadlineStrip } from "./deadline_strip";
import { homeRoute } from "./route";
import css from "./home.module.css";

interface Request extends Clocked {
  id: string;
  member: { displayName: string | null } | null;
}

interface Task {
  id: string;
  dueAt: string;
  obligation: { recipient: string } | null;
}

const SHOWN = 6;

/** The deadlines of two weeks on a strip, and the next ones by name. */
export function DeadlinesPart({ requests, tasks }: { requests: readonly Request[]; tasks: readonly Task[] }) {
  const { t } = useLingui();
  const isDecider = useDecides();
  const entries = [
    // Who asked waits for the answer; who decides has clocks that run out before.
    ...requests.map((request) => {
      const at = (isDecider && nextClock(request)?.at) || request.dueAt;
      const clock = isDecider ? <NextClock request={request} /> : <Deadline at={at} />;
      return { id: request.id, at, link: <RequestLink request={request} />, clock };
    }),
    ...tasks.map((task) => ({ id: task.id, at: task.dueAt, link: <TaskLink task={task} />, clock: <Deadline at={task.dueAt} /> })),
  ].toSorted((one, other) => one.at.localeCompare(other.at));
  if (entries.length === 0) return null;
  return (
    <Section title={t`Next deadlines`}>
      <DeadlineStrip moments={entries.map(({ at }) => at)} />
      <ul className={css.next}>
        {entries.slice(0, SHOWN).map(({ id, link, clock }) => (
          <li key={id}>
            {link} {clock}
          </li>
        ))}
      </ul>
    </Section>
  );
}

function useDecides(): boolean {
  return useMay("REQUESTS_READ", "REQUESTS_DECIDE_ESCALATED");
}

function RequestLink({ request: { id, member } }: { request: Request }) {
  const isDecider = useDecides();
  return (
    <ObjectLink page={isDecider ? "requests" : "me/requests"} id={id}>
      {isDecider && member?.displayName ? (
        <Trans>
          Request of <bdi>{member.displayName}</bdi>
        </Trans>
      ) : (
        <Trans>Request about data</Trans>
      )}
    </ObjectLink>
  );
}

function TaskLink({ task: { obligation } }: { task: Task }) {
  const { organisation } = homeRoute.useParams();
  return (
    <Link to={`/o/${organisation}/tasks` as string}>
      {obligation ? (
        <Trans>
          Task at <bdi>{obligation.recipient}</bdi>
        </Trans>
      ) : (
        <Trans>Task to do by hand</Trans>
      )}
    </Link>
  );
}
