import { Trans, useLingui } from "@lingui/react/macro";
import type { ResultOf } from "../../api/graphql";
import { Button } from "../../components/button";
import { Day } from "../../components/moment";
import { Section } from "../../components/section";
import type { ContentActs } from "./content";
import type { ContentQuery } from "./documents";
import css from "./me.module.css";

/** What was deleted and can be brought back for 30 days; nothing while nothing was. */
export function Bin({ answer, acts }: { answer: ResultOf<typeof ContentQuery>; acts: ContentActs }) {
  const { t } = useLingui();
  const posts = answer.deletedPosts.edges.map(({ node }) => ({ ...node, name: node.text, restore: () => acts.restorePost(node.id) }));
  const files = answer.deletedFiles.edges.map(({ node }) => ({ ...node, name: node.name, restore: () => acts.restoreFile(node.id) }));
  const all = [...posts, ...files];
  if (all.length === 0) return null;
  return (
    <Section title={t`Deleted`} about={<Trans>It is kept for 30 days after it was deleted, and can be restored as long.</Trans>}>
      <ul className={css.posts}>
        {all.map(({ id, name, deletedAt, deletionReason, restore }) => (
          <li key={id} className={css.post}>
            <div className={css.text}>
              <p dir="auto">{name}</p>
              <p className={css.muted}>
                {deletedAt && (
                  <Trans>
                    Deleted on <Day at={deletedAt} />.
                  </Trans>
                )}{" "}
                {deletionReason}
              </p>
            </div>
            <Button onPress={() => void restore()} aria-label={t`Restore “${name.slice(0, 40)}”`}>
              <Trans>Restore</Trans>
            </Button>
          </li>
        ))}
      </ul>
    </Section>
  );
}
