import { Trans, useLingui } from "@lingui/react/macro";
import { useNavigate } from "@tanstack/react-router";
import type { ResultOf } from "../../api/graphql";
import { useCommand } from "../../api/use_command";
import { usePart } from "../../api/use_page";
import { ActFailures } from "../../components/act_failures";
import { Button } from "../../components/button";
import { FilterBar } from "../../components/filter_bar";
import { useReversible } from "../../components/harm";
import { Day } from "../../components/moment";
import { Paging } from "../../components/paging";
import { Person } from "../../components/person";
import { Section } from "../../components/section";
import { Empty, Part } from "../../components/states";
import { Bin } from "./bin";
import { ContentQuery, DeleteFileMutation, DeletePostMutation, RestoreFileMutation, RestorePostMutation } from "./documents";
import css from "./me.module.css";
import { myDataRoute } from "./route";

type Answer = ResultOf<typeof ContentQuery>;
type Post = Answer["viewer"]["content"]["edges"][number]["node"];

/** Texts with information on oneself, to be found, deleted and brought back. */
export function Content() {
  const { t } = useLingui();
  const { q, after } = myDataRoute.useSearch();
  const navigate = useNavigate({ from: myDataRoute.fullPath });
  const asked = usePart(ContentQuery, { text: q ?? "", after: after ?? null });
  const acts = useContentActs(asked.refresh);
  const found = asked.data?.viewer.content;
  const posts = found?.edges.map(({ node }) => node) ?? [];
  return (
    <>
      <Section
        title={t`Texts about you`}
        about={<Trans>What you wrote, and what others wrote that mentions you, your address or your name.</Trans>}
      >
        <FilterBar
          search={{ label: t`Words in the text`, value: q ?? "", onChange: (text) => void navigate({ search: (now) => ({ ...now, q: text || undefined, after: undefined }) }) }}
          isFiltered={Boolean(q)}
          onClear={() => void navigate({ search: (now) => ({ ...now, q: undefined, after: undefined }) })}
        />
        <ActFailures commands={acts.commands} />
        <Part asked={asked} lines={5}>
          {posts.length === 0 ? (
            <Empty>{q ? <Trans>No text has these words.</Trans> : <Trans>Nobody has written anything with information on you. What you share in groups stands here.</Trans>}</Empty>
          ) : (
            <ul className={css.posts}>
              {posts.map((post) => (
                <PostRow key={post.id} post={post} mine={asked.data?.viewer.member?.id} acts={acts} />
              ))}
            </ul>
          )}
          {found && <Paging page={found.pageInfo} after={after} onGo={(next) => void navigate({ search: (now) => ({ ...now, after: next }) })} />}
        </Part>
      </Section>
      {asked.data && <Bin answer={asked.data} acts={acts} />}
    </>
  );
}

export type ContentActs = ReturnType<typeof useContentActs>;

function useContentActs(refresh: () => void) {
  const { t } = useLingui();
  const reversible = useReversible();
  const deletingPost = useCommand(DeletePostMutation);
  const restoringPost = useCommand(RestorePostMutation);
  const deletingFile = useCommand(DeleteFileMutation);
  const restoringFile = useCommand(RestoreFileMutation);
  const then = async <Done,>(doing: Promise<Done>) => {
    const done = await doing;
    if (done !== undefined) refresh();
    return done;
  };
  const restorePost = (postId: string) => then(restoringPost.run({ input: { postId } }));
  const restoreFile = (fileId: string) => then(restoringFile.run({ input: { fileId } }));
  const text = t`Deleted. It can be restored for 30 days.`;
  return {
    commands: [deletingPost, restoringPost, deletingFile, restoringFile],
    restorePost,
    restoreFile,
    deletePost: (postId: string) => reversible(() => then(deletingPost.run({ input: { postId } })), text, () => restorePost(postId)),
    deleteFile: (fileId: string) => reversible(() => then(deletingFile.run({ input: { fileId } })), text, () => restoreFile(fileId)),
  };
}

function PostRow({ post, mine, acts }: { post: Post; mine: string | undefined; acts: ContentActs }) {
  const { t } = useLingui();
  const isMine = post.author !== null && post.author?.id === mine;
  const beginning = post.text.slice(0, 40);
  return (
    <li className={css.post}>
      <div className={css.text}>
        <p dir="auto">{post.text}</p>
        <p className={css.muted}>
          {isMine ? <Trans>You</Trans> : <Person person={post.author} />}
          {post.group && (
            <>
              {" · "}
              <bdi>{post.group.name}</bdi>
            </>
          )}
          {" · "}
          <Day at={post.createdAt} />
        </p>
        {post.files.map(({ id, name }) => (
          <p key={id}>
            <bdi>{name}</bdi>{" "}
            {isMine && (
              <Button kind="quiet" onPress={() => void acts.deleteFile(id)} aria-label={t`Delete the file ${name}`}>
                <Trans>Delete</Trans>
              </Button>
            )}
          </p>
        ))}
      </div>
      {isMine && (
        <Button onPress={() => void acts.deletePost(post.id)} aria-label={t`Delete the text “${beginning}”`}>
          <Trans>Delete</Trans>
        </Button>
      )}
    </li>
  );
}
