import { Trans, useLingui } from "@lingui/react/macro";
import { usePage } from "../../../api/use_page";
import type { ResultOf } from "../../../api/graphql";
import { Badge } from "../../../components/badge";
import { LinkButton } from "../../../components/link_button";
import { PageFrame } from "../../../components/page_frame";
import { Empty, Part } from "../../../components/states";
import { useFormats } from "../../../language/formats";
import { UnknownPage } from "../../../shell/unknown_page";
import { useMay, useViewer } from "../../../shell/viewer";
import { categoryName, purposeName } from "../../../words/taxonomy";
import { catalogueRoute } from "../route";
import { CatalogueQuery } from "./documents";
import css from "./install.module.css";

type Available = ResultOf<typeof CatalogueQuery>["availableIntegrations"][number];

/** What could be connected, each in a few words: who, what, what for, where. */
export default function CataloguePage() {
  const { t } = useLingui();
  const asked = usePage(CatalogueQuery, {});
  const available = asked.data?.availableIntegrations ?? [];
  const viewer = useViewer();
  const managesAll = useMay("INTEGRATIONS_MANAGE");
  if (asked.data && viewer && !managesAll && !asked.data.organisation.settings.membersMayInstall) return <UnknownPage />;
  return (
    <PageFrame
      title={t`Connect a third party`}
      about={<Trans>Before anything is sent you read what each one declares, and allow what it may get. Nothing happens by opening one.</Trans>}
    >
      <Part asked={asked} lines={6}>
        {available.length === 0 ? (
          <Empty>
            <Trans>This deployment offers nothing to connect. Who runs it installs integrations; they stand here then.</Trans>
          </Empty>
        ) : (
          <ul className={css.catalogue}>
            {available.map((one) => (
              <li key={one.key}>
                <Card integration={one} />
              </li>
            ))}
          </ul>
        )}
      </Part>
    </PageFrame>
  );
}

function Card({ integration: { key, name, failure, declaration } }: { integration: Available }) {
  const { i18n } = useLingui();
  const formats = useFormats();
  const { organisation } = catalogueRoute.useParams();
  const address = `/o/${encodeURIComponent(organisation)}/integrations/add/${encodeURIComponent(key)}`;
  const categories = unique(declaration?.receives.map(({ category }) => categoryName(i18n, category)));
  const purposes = unique(declaration?.receives.map(({ purpose }) => purposeName(i18n, purpose)));
  const countries = declaration?.countries.map(formats.country) ?? [];
  return (
    <article className={css.card}>
      <h2>
        <bdi>{name}</bdi>
      </h2>
      {declaration?.receives.some(({ isSpecial }) => isSpecial) && (
        <Badge tone="warn">
          <Trans>Specially protected data</Trans>
        </Badge>
      )}
      {declaration && (
        <dl className={css.facts}>
          <dt>
            <Trans>Goes to</Trans>
          </dt>
          <dd data-of-server>{declaration.vendorName}</dd>
          <dt>
            <Trans>It can get</Trans>
          </dt>
          <dd>{categories.length ? formats.list(categories) : <Trans>nothing</Trans>}</dd>
          <dt>
            <Trans>In order to</Trans>
          </dt>
          <dd>{purposes.length ? formats.list(purposes) : "–"}</dd>
          <dt>
            <Trans>Stored in</Trans>
          </dt>
          <dd>{countries.length ? formats.list(countries) : <Trans>the country that you name</Trans>}</dd>
        </dl>
      )}
      {failure ? (
        <p className={css.failure}>
          <Trans>
            It can't be connected now: <span data-of-server>{failure}</span>
          </Trans>
        </p>
      ) : (
        <LinkButton to={address}>
          <span>
            <Trans>
              Look at <bdi>{name}</bdi>
            </Trans>
          </span>
        </LinkButton>
      )}
    </article>
  );
}

function unique(texts: readonly string[] = []): string[] {
  return [...new Set(texts)];
}
