import { Plural, Trans, useLingui } from "@lingui/react/macro";
import { useNavigate } from "@tanstack/react-router";
import type { ResultOf } from "../../api/graphql";
import { usePart } from "../../api/use_page";
import { Button } from "../../components/button";
import { type Column, DataTable } from "../../components/data_table";
import { Day, Moment } from "../../components/moment";
import { Paging } from "../../components/paging";
import { Person } from "../../components/person";
import { Section } from "../../components/section";
import { Empty, Part } from "../../components/states";
import { useFormats } from "../../language/formats";
import { categoryName } from "../../words/taxonomy";
import { LooksQuery } from "./documents";
import { LooksPlot } from "./looks_plot";
import { myDataRoute } from "./route";

type Answer = ResultOf<typeof LooksQuery>["viewer"];
export type Look = Answer["looks"][number];

/** Who looked at one's data: a year at a glance, then each look. */
export function Looks() {
  const { t } = useLingui();
  const { as = "plot", after } = myDataRoute.useSearch();
  const navigate = useNavigate({ from: myDataRoute.fullPath });
  const asked = usePart(LooksQuery, { after: after ?? null });
  const viewer = asked.data?.viewer;
  if (viewer?.looks.length === 0 && viewer.dataAccesses.edges.length === 0) {
    return (
      <Empty>
        <Trans>Nobody has looked at your data. Who does, by the console, by a program or for the privacy team, stands here at once. Your name alone is not counted.</Trans>
      </Empty>
    );
  }
  return (
    <Part asked={asked} lines={10}>
      {viewer && (
        <>
          <Section
            title={t`The last twelve months`}
            about={<Total looks={viewer.looks} />}
            actions={
              <Button kind="quiet" onPress={() => void navigate({ search: (now) => ({ ...now, as: as === "plot" ? "table" : undefined }), replace: true })}>
                {as === "plot" ? <Trans>Show as table</Trans> : <Trans>Show as plot</Trans>}
              </Button>
            }
          >
            {as === "plot" ? <LooksPlot looks={viewer.looks} /> : <Weeks looks={viewer.looks} />}
          </Section>
          <Section title={t`Each look`}>
            <Each accesses={viewer.dataAccesses.edges.map(({ node }) => node)} />
            <Paging page={viewer.dataAccesses.pageInfo} after={after} onGo={(next) => void navigate({ search: (now) => ({ ...now, after: next }) })} />
          </Section>
        </>
      )}
    </Part>
  );
}

function Total({ looks }: { looks: readonly Look[] }) {
  const people = new Set(looks.map(({ actor, actorKind }) => actor?.id ?? actorKind)).size;
  const times = looks.reduce((sum, { count }) => sum + count, 0);
  return (
    <>
      <Plural value={times} one="# look" other="# looks" />
      {", "}
      <Plural value={people} one="by one person or program." other="by # people or programs." />
    </>
  );
}

function Who({ actor, actorKind }: Pick<Look, "actor" | "actorKind">) {
  if (actorKind === "privacy_team") return <Trans>The provider's privacy team</Trans>;
  return actorKind === "token" ? (
    <Trans>
      A program of <Person person={actor} />
    </Trans>
  ) : (
    <Person person={actor} />
  );
}

function useWhat() {
  const { i18n } = useLingui();
  const formats = useFormats();
  return (categories: readonly string[]) => formats.list(categories.map((key) => categoryName(i18n, key)));
}

function Weeks({ looks }: { looks: readonly Look[] }) {
  const { t } = useLingui();
  const formats = useFormats();
  const what = useWhat();
  const rows = looks.map((look, place) => ({ ...look, id: String(place) }));
  const columns: Column<(typeof rows)[number]>[] = [
    { id: "week", title: t`Week of`, isRowHeader: true, cell: ({ beginsAt }) => <Day at={beginsAt} /> },
    { id: "who", title: t`Who`, cell: (look) => <Who {...look} /> },
    { id: "count", title: t`Looks`, cell: ({ count }) => formats.number(count) },
    { id: "what", title: t`At what`, cell: ({ categories }) => what(categories) },
  ];
  return <DataTable label={t`Looks by week`} columns={columns} rows={rows} nameOf={({ beginsAt }) => formats.date(beginsAt)} />;
}

function Each({ accesses }: { accesses: readonly Answer["dataAccesses"]["edges"][number]["node"][] }) {
  const { t } = useLingui();
  const formats = useFormats();
  const what = useWhat();
  const rows = accesses.map((access, place) => ({ ...access, id: String(place) }));
  const columns: Column<(typeof rows)[number]>[] = [
    { id: "at", title: t`When`, isRowHeader: true, cell: ({ at }) => <Moment at={at} isExact /> },
    { id: "who", title: t`Who`, cell: (access) => <Who {...access} /> },
    { id: "what", title: t`At what`, cell: ({ categories }) => what(categories) },
  ];
  return <DataTable label={t`Each look`} columns={columns} rows={rows} nameOf={({ at }) => formats.dateTime(at)} />;
}
