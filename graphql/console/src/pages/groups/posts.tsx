import { Trans } from "@lingui/react/macro";
import { useNavigate } from "@tanstack/react-router";
import { usePart } from "../../api/use_page";
import { Moment } from "../../components/moment";
import { Paging } from "../../components/paging";
import { Person } from "../../components/person";
import { Empty, Part } from "../../components/states";
import { GroupPostsQuery } from "./documents";
import css from "./groups.module.css";
import { groupRoute } from "./route";

/** What people of the group wrote in it, for those who may read it. */
export function Posts({ id }: { id: string }) {
  const { after, tab } = groupRoute.useSearch();
  const navigate = useNavigate({ from: groupRoute.fullPath });
  const asked = usePart(GroupPostsQuery, { id, after: tab === "posts" ? (after ?? null) : null });
  const list = asked.data?.group?.posts;
  const posts = list?.edges.map(({ node }) => node) ?? [];
  return (
    <Part asked={asked} lines={6}>
      {posts.length === 0 && (
        <Empty>
          <Trans>Nothing was written in this group yet. What its people write stands here, the oldest first.</Trans>
        </Empty>
      )}
      <ul className={css.posts}>
        {posts.map(({ id: postId, author, createdAt, editedAt, text, files }) => (
          <li key={postId}>
            <div className={css.head}>
              <Person person={author} /> <Moment at={createdAt} isExact />{" "}
              {editedAt && (
                <Trans>
                  changed <Moment at={editedAt} />
                </Trans>
              )}
            </div>
            <p className={css.text}>
              <bdi>{text}</bdi>
            </p>
            {files.map((file) => (
              <p key={file.id} className={css.text}>
                <a href={file.url} rel="noreferrer" target="_blank">
                  <bdi>{file.name}</bdi>
                </a>
              </p>
            ))}
          </li>
        ))}
      </ul>
      {list && <Paging page={list.pageInfo} after={after} onGo={(next) => void navigate({ search: (now) => ({ ...now, after: next }) })} />}
    </Part>
  );
}
