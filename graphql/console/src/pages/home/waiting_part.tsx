import { Plural, Trans, useLingui } from "@lingui/react/macro";
import { Link } from "@tanstack/react-router";
import { Deadline } from "../../components/moment";
import { Section } from "../../components/section";
import { Empty } from "../../components/states";
import { useFormats } from "../../language/formats";
import css from "./home.module.css";
import { homeRoute } from "./route";
import { type Waiting, WAITING } from "./words";

/** The server counts no further. */
const MANY = 1_000;

/** What waits for who looks, the soonest due first. */
export function WaitingPart({ waiting }: { waiting: readonly Waiting[] }) {
  const { t, i18n } = useLingui();
  const { organisation } = homeRoute.useParams();
  const { number } = useFormats();
  return (
    <Section title={t`What waits for you`}>
      {waiting.length === 0 ? (
        <Empty>
          <Trans>Nothing waits. Requests, tasks and what needs your answer appear here, the soonest due first.</Trans>
        </Empty>
      ) : (
        <ul className={css.waiting}>
          {waiting.map(({ kind, count, late, dueAt }) => (
            <li key={kind}>
              <strong className={css.count}>{count >= MANY ? `${number(MANY)}+` : number(count)}</strong>
              <Link to={`/o/${organisation}/${WAITING[kind].page}` as string}>{i18n._(WAITING[kind].name)}</Link>
              <span className={css.when}>
                {dueAt && (
                  <Trans>
                    next due <Deadline at={dueAt} />
                  </Trans>
                )}
              </span>
              {late > 0 && (
                <span className={css.late}>
                  <Plural value={late} one="# is late" other="# are late" />
                </span>
              )}
            </li>
          ))}
        </ul>
      )}
    </Section>
  );
}
