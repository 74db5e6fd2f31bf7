import { Trans, useLingui } from "@lingui/react/macro";
import { useNavigate } from "@tanstack/react-router";
import type { ResultOf } from "../../api/graphql";
import { usePart } from "../../api/use_page";
import { type Column, DataTable } from "../../components/data_table";
import { Day } from "../../components/moment";
import { Paging } from "../../components/paging";
import { Person } from "../../components/person";
import { Empty, Part } from "../../components/states";
import { useFormats } from "../../language/formats";
import { GroupFilesQuery } from "./documents";
import { groupRoute } from "./route";

type File = NonNullable<ResultOf<typeof GroupFilesQuery>["group"]>["files"]["edges"][number]["node"];

const KILOBYTE = 1000;

/** The files that people of the group shared in it, kept elsewhere. */
export function Files({ id }: { id: string }) {
  const { t } = useLingui();
  const formats = useFormats();
  const { after, tab } = groupRoute.useSearch();
  const navigate = useNavigate({ from: groupRoute.fullPath });
  const asked = usePart(GroupFilesQuery, { id, after: tab === "files" ? (after ?? null) : null });
  const list = asked.data?.group?.files;
  const rows = list?.edges.map(({ node }) => node) ?? [];
  const columns: Column<File>[] = [
    {
      id: "name",
      title: t`Name`,
      isRowHeader: true,
      cell: ({ name, url }) => (
        <a href={url} rel="noreferrer" target="_blank">
          <bdi>{name}</bdi>
        </a>
      ),
    },
    { id: "size", title: t`Size`, cell: ({ sizeBytes }) => t`${formats.number(Math.ceil(sizeBytes / KILOBYTE))} kB` },
    { id: "by", title: t`Shared by`, cell: ({ uploader }) => <Person person={uploader} /> },
    { id: "at", title: t`When`, cell: ({ createdAt }) => <Day at={createdAt} /> },
  ];
  return (
    <Part asked={asked} lines={6}>
      {rows.length === 0 ? (
        <Empty>
          <Trans>No file was shared in this group yet. Files that its people share stand here, the oldest first.</Trans>
        </Empty>
      ) : (
        <DataTable label={t`Files`} columns={columns} rows={rows} nameOf={({ name }) => name} />
      )}
      {list && <Paging page={list.pageInfo} after={after} onGo={(next) => void navigate({ search: (now) => ({ ...now, after: next }) })} />}
    </Part>
  );
}
