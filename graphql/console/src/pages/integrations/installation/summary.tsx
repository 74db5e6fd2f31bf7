import { Trans, useLingui } from "@lingui/react/macro";
import { Day, Moment } from "../../../components/moment";
import { Person } from "../../../components/person";
import { ObjectLink } from "../../../components/text_link";
import { useFormats } from "../../../language/formats";
import { ENDPOINT_STATES, HOLDER_NAMES } from "../words";
import type { Installation } from "./installation_page";
import css from "./installation.module.css";

/** The first glance: how many people, since when, for whom, where. */
export function Summary({ installation }: { installation: Installation }) {
  const { i18n } = useLingui();
  const formats = useFormats();
  const { reach, countries, group, member, holder, createdAt, installedBy, removedAt, health, endpoint } = installation;
  return (
    <dl className={css.summary}>
      {reach && (
        <>
          <div>
            <dt>
              <Trans>Holds data of people</Trans>
            </dt>
            <dd>{formats.number(reach.people)}</dd>
          </div>
          <div>
            <dt>
              <Trans>Last delivery</Trans>
            </dt>
            <dd>{reach.lastDeliveryAt ? <Moment at={reach.lastDeliveryAt} /> : <Trans>nothing yet</Trans>}</dd>
          </div>
        </>
      )}
      {removedAt === null && <Health health={health} />}
      <div>
        <dt>
          <Trans>Of whom</Trans>
        </dt>
        <dd>
          {group ? (
            <ObjectLink page="groups" id={group.id}>
              <bdi>{group.name}</bdi>
            </ObjectLink>
          ) : member ? (
            <Person person={member} />
          ) : (
            i18n._(HOLDER_NAMES[holder])
          )}
        </dd>
      </div>
      <div>
        <dt>
          <Trans>Stored in</Trans>
        </dt>
        <dd>{countries.length ? formats.list(countries.map(formats.country)) : "–"}</dd>
      </div>
      {endpoint && (
        <div>
          <dt>
            <Trans>The vendor’s own server</Trans>
          </dt>
          <dd>
            {i18n._(ENDPOINT_STATES[endpoint.state])}
            <span className={css.note}>
              <Trans>
                since <Moment at={endpoint.since} />
              </Trans>
            </span>
          </dd>
        </div>
      )}
      <div>
        <dt>
          <Trans>Connected</Trans>
        </dt>
        <dd>
          <Day at={createdAt} />
          {installedBy && (
            <span className={css.note}>
              <Trans>
                by <Person person={installedBy} />
              </Trans>
            </span>
          )}
        </dd>
      </div>
    </dl>
  );
}

/** Whether it answers: when it last did what it was asked, since when not, and when it is tried again. */
function Health({ health: { failingSince, succeededAt, nextTryAt } }: { health: Installation["health"] }) {
  return (
    <div>
      <dt>
        <Trans>Last success</Trans>
      </dt>
      <dd>
        {succeededAt ? <Moment at={succeededAt} /> : <Trans>not yet</Trans>}
        {failingSince && (
          <span className={css.note}>
            <Trans>
              failing since <Moment at={failingSince} />
            </Trans>
          </span>
        )}
        {nextTryAt && (
          <span className={css.note}>
            <Trans>
              next try <Moment at={nextTryAt} />
            </Trans>
          </span>
        )}
      </dd>
    </div>
  );
}
