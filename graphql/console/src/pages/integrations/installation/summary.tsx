import { Trans, useLingui } from "@lingui/react/macro";
import { Day, Moment } from "../../../components/moment";
import { Person } from "../../../components/person";
import { ObjectLink } from "../../../components/text_link";
import { useFormats } from "../../../language/formats";
import { HOLDER_NAMES } from "../words";
import type { Installation } from "./installation_page";
import css from "./installation.module.css";

/** The first glance: how many people, since when, for whom, where. */
export function Summary({ installation }: { installation: Installation }) {
  const { i18n } = useLingui();
  const formats = useFormats();
  const { reach, countries, group, member, holder, createdAt, installedBy } = installation;
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
