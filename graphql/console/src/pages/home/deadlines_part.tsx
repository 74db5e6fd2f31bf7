import { Trans, useLingui } from "@lingui/react/macro";
import { Link } from "@tanstack/react-router";
import { Deadline } from "../../components/moment";
import { Section } from "../../components/section";
import { ObjectLink } from "../../components/text_link";
import { useMay } from "../../shell/viewer";
import { DeadlineStrip } from "./deadline_strip";
import { homeRoute } from "./route";
import css from "./home.module.css";

interface Request {
  id: string;
  dueAt: string;
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
  const all = [...requests, ...tasks].toSorted((one, other) => one.dueAt.localeCompare(other.dueAt));
  if (all.length === 0) return null;
  return (
    <Section title={t`Next deadlines`}>
      <DeadlineStrip moments={all.map(({ dueAt }) => dueAt)} />
      <ul className={css.next}>
        {all.slice(0, SHOWN).map((one) => (
          <li key={one.id}>
            {"obligation" in one ? <TaskLink task={one} /> : <RequestLink request={one} />} <Deadline at={one.dueAt} />
          </li>
        ))}
      </ul>
    </Section>
  );
}

function RequestLink({ request: { id, member } }: { request: Request }) {
  const isDecider = useMay("REQUESTS_READ", "REQUESTS_DECIDE");
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
