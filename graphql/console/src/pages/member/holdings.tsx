import { Trans, useLingui } from "@lingui/react/macro";
import type { ResultOf } from "../../api/graphql";
import { usePart } from "../../api/use_page";
import { Badge } from "../../components/badge";
import { type Column, DataTable } from "../../components/data_table";
import { Day } from "../../components/moment";
import { Section } from "../../components/section";
import { Empty, Part } from "../../components/states";
import { ReceivedData } from "../../components/received/received_data";
import { ObjectLink } from "../../components/text_link";
import { useFormats } from "../../language/formats";
import { MemberHoldingsQuery } from "./documents";
import css from "./member.module.css";

type Seen = NonNullable<ResultOf<typeof MemberHoldingsQuery>["member"]>;
type Holding = NonNullable<Seen["holdings"]>["edges"][number]["node"];
type Restriction = NonNullable<Seen["restrictions"]>[number];

/** Who holds data of this person, since when; and what is restricted of it. */
export function Holdings({ id, mayUpdate, onChange }: { id: string; mayUpdate: boolean; onChange: () => void }) {
  const asked = usePart(MemberHoldingsQuery, { id });
  const refresh = () => {
    asked.refresh();
    onChange();
  };
  const holdings = asked.data?.member?.holdings?.edges.map(({ node }) => node) ?? [];
  const restrictions = asked.data?.member?.restrictions ?? [];
  return (
    <Part asked={asked} lines={4}>
      {holdings.length === 0 ? (
        <Empty>
          <Trans>No integration holds data of this person. Who receives some will stand here, since when and whether it may be used.</Trans>
        </Empty>
      ) : (
        <HoldingList holdings={holdings} hasMore={asked.data?.member?.holdings?.pageInfo.hasNextPage ?? false} />
      )}
      <ReceivedData received={asked.data?.member?.receivedData} mayAdopt={mayUpdate} refresh={refresh} />
      {restrictions.length > 0 && <Restrictions restrictions={restrictions} />}
    </Part>
  );
}

function HoldingList({ holdings, hasMore }: { holdings: Holding[]; hasMore: boolean }) {
  const { t } = useLingui();
  const rows = holdings.map((holding, place) => ({ ...holding, id: holding.installation?.id ?? String(place) }));
  const columns: Column<(typeof rows)[number]>[] = [
    {
      id: "integration",
      title: t`Integration`,
      isRowHeader: true,
      cell: ({ installation, recipient }) =>
        installation ? (
          <ObjectLink page="integrations" id={installation.id}>
            <bdi>{installation.name}</bdi>
          </ObjectLink>
        ) : (
          <bdi>{recipient}</bdi>
        ),
    },
    { id: "recipient", title: t`Held by`, cell: ({ recipient }) => <bdi>{recipient}</bdi> },
    { id: "since", title: t`Since`, cell: ({ since }) => <Day at={since} /> },
    {
      id: "state",
      title: t`Use`,
      cell: ({ state }) => (state === "SHARED" ? <Badge tone="info">{t`May use it`}</Badge> : <Badge tone="warn">{t`May only keep it`}</Badge>),
    },
  ];
  return (
    <>
      <DataTable label={t`Who has the data`} columns={columns} rows={rows} nameOf={({ recipient }) => recipient} />
      {hasMore && (
        <p className={css.nothing}>
          <Trans>There are more than are shown here.</Trans>
        </p>
      )}
    </>
  );
}

function Restrictions({ restrictions }: { restrictions: readonly Restriction[] }) {
  const { t } = useLingui();
  const formats = useFormats();
  const causes = { REQUESTED: t`asked for by the person`, DISPUTED: t`its correctness is disputed`, LATE: t`a request is late`, ERASURE: t`an erasure is under way` };
  return (
    <Section title={t`Restricted`} about={<Trans>What is restricted is kept, and shared with nobody.</Trans>}>
      <ul className={css.list}>
        {restrictions.map(({ id, category, cause, createdAt, state, liftAt, liftedAt }) => (
          <li key={id}>
            <strong>{category === "" ? t`All data` : <code>{category}</code>}</strong>
            <span className={css.since}>
              {causes[cause]}, <RestrictionSpan from={createdAt} to={liftedAt ?? liftAt} isOver={state === "LIFTED"} formats={formats} />
            </span>
          </li>
        ))}
      </ul>
    </Section>
  );
}

function RestrictionSpan({ from, to, isOver, formats }: { from: string; to: string | null; isOver: boolean; formats: ReturnType<typeof useFormats> }) {
  const since = formats.date(from);
  if (!to) return <Trans>since {since}</Trans>;
  const end = formats.date(to);
  return isOver ? <Trans>from {since} to {end}</Trans> : <Trans>since {since}, ends on {end}</Trans>;
}
