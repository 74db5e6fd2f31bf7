/** A preview in numbers: what goes, what stays under a pseudonym, what stays and why, and who is told to erase. */

import { Plural, Trans, useLingui } from "@lingui/react/macro";
import { Badge } from "../../components/badge";
import { useFormats } from "../../language/formats";
import { PROOF_LEVELS, PROOF_NAMES, PROOF_TONES } from "../../words/obligations";
import { categoryName } from "../../words/taxonomy";
import { Facts } from "./facts";
import { wordOf } from "../../words/requests";
import css from "./request.module.css";
import type { Preview } from "./types";
import { CONTENT_NAMES, KEPT_NAMES, METHOD_NAMES } from "./words";

export function PreviewFacts({ preview, isOpen }: { preview: Preview; isOpen: boolean }) {
  const { t, i18n } = useLingui();
  const formats = useFormats();
  const goes = preview.categories;
  const stays = preview.content.filter(({ rows }) => rows > 0);
  return (
    <div className={css.preview}>
      <p className={css.hint}>
        <Trans>As of {formats.dateTime(preview.createdAt)}</Trans>
      </p>
      {preview.additions.length > 0 && <Additions preview={preview} />}
      <h3>
        <Trans>What goes</Trans>
      </h3>
      {goes.length === 0 ? (
        <p>
          <Trans>Nothing of the person is held here.</Trans>
        </p>
      ) : (
        <ul className={css.goes}>
          {goes.map(({ category, rows }) => (
            <li key={category}>
              {categoryName(i18n, category)} <span className={css.hint}>{formats.number(rows)}</span>
            </li>
          ))}
        </ul>
      )}
      <p>
        <Trans>The account goes too, with its addresses and means of signing in, unless the person is a member elsewhere.</Trans>
      </p>
      {stays.length > 0 && (
        <>
          <h3>
            <Trans>What stays under a pseudonym</Trans>
          </h3>
          <ul className={css.goes}>
            {stays.map(({ what, rows }) => (
              <li key={what}>
                {wordOf(CONTENT_NAMES, i18n, what)} <span className={css.hint}>{formats.number(rows)}</span>
              </li>
            ))}
          </ul>
        </>
      )}
      {preview.kept.length > 0 && (
        <Facts
          caption={t`What is kept for a while, as was decided`}
          heads={[t`What`, t`Entries`, t`Until`]}
          rows={preview.kept.map(({ what, rows, until }) => [what, formats.number(rows), until ? formats.deadline(until) : t`somebody ends it`])}
        />
      )}
      <Recipients preview={preview} />
      <details className={css.more} open={isOpen}>
        <summary>
          <Trans>What always stays, and why</Trans>
        </summary>
        <ul>
          {preview.retained.map(({ what, reason, until }) => (
            <li key={what}>{what in KEPT_NAMES ? wordOf(KEPT_NAMES, i18n, what) : `${what}: ${reason} (${until})`}</li>
          ))}
        </ul>
      </details>
    </div>
  );
}

function Recipients({ preview }: { preview: Preview }) {
  const { t, i18n } = useLingui();
  if (preview.recipients.length === 0) {
    return (
      <p>
        <Trans>No recipient holds data of the person.</Trans>
      </p>
    );
  }
  return (
    <Facts
      caption={t`Who is told to erase`}
      heads={[t`Recipient`, t`What it does`, t`Best proof`, t`May keep for`]}
      rows={preview.recipients.map(({ name, recipient, method, proof, retentionDays, action, isOwn }) => [
        <span key="name">
          <bdi>{name}</bdi> {recipient && recipient !== name && <span className={css.hint}>({recipient})</span>} {isOwn && <Trans>connected by the person</Trans>}
        </span>,
        action === "restrict" ? t`keeps it without using it` : wordOf(METHOD_NAMES, i18n, method),
        <Proof key="proof" level={proof} />,
        retentionDays > 0 ? <Plural key="days" value={retentionDays} one="# day" other="# days" /> : "–",
      ])}
    />
  );
}

/** What came after the commit: it is erased with the rest. */
function Additions({ preview }: { preview: Preview }) {
  const { i18n } = useLingui();
  return (
    <div className={css.note}>
      <p>
        <Trans>This came after the commit, and is erased too:</Trans>
      </p>
      <ul>
        {preview.additions.map(({ kind, name, before, now }) => (
          <li key={kind + name}>
            <Trans>
              {kind === "category" ? categoryName(i18n, name) : name}: {before} before, {now} now
            </Trans>
          </li>
        ))}
      </ul>
    </div>
  );
}

/** The best proof that a recipient can give, by the API's word for it. */
function Proof({ level }: { level: string }) {
  const { i18n } = useLingui();
  const grade = PROOF_LEVELS.find((one) => one === level.toUpperCase());
  return grade ? <Badge tone={PROOF_TONES[grade]}>{i18n._(PROOF_NAMES[grade])}</Badge> : <>{level}</>;
}
