import { Plural, Trans, useLingui } from "@lingui/react/macro";
import type { ReactNode } from "react";
import type { ResultOf } from "../../../api/graphql";
import { Badge } from "../../../components/badge";
import css from "../../../components/decisions.module.css";
import { Facts } from "../../../components/facts";
import { Day, Moment } from "../../../components/moment";
import { DeclarationFacts, DeclarationWords } from "../declaration";
import type { RemoteFields } from "./documents";
import { STATE_NAMES, STATE_TONES } from "./words";

export type Remote = ResultOf<typeof RemoteFields>;

/** What it is called until a document was read. */
export const nameOf = ({ name, url }: Pick<Remote, "name" | "url">) => name || url;

interface Properties {
  remote: Remote;
  /** What its state means to who looks, and what leads on. */
  meaning: ReactNode;
  /** Whose it is, for those who see all of them. */
  vendor?: ReactNode;
  /** What can be done about it. */
  children?: ReactNode;
}

/** One integration that its vendor serves itself: how it stands and why, what depends on it, and what it declares. */
export function RemoteCard({ remote, meaning, vendor, children }: Properties) {
  const { t, i18n } = useLingui();
  const { state, url, endpoint, integrationKey, version, createdAt, fetchedAt, use, declaration } = remote;
  const isKnown = state !== "ENDED" && integrationKey !== null;
  return (
    <li className={css.card}>
      <div className={css.head}>
        <h2>
          <bdi data-of-server>{nameOf(remote)}</bdi>
        </h2>
        <Badge tone={STATE_TONES[state]}>{i18n._(STATE_NAMES[state])}</Badge>
      </div>
      <p>{meaning}</p>
      <Fault remote={remote} />
      <Facts
        facts={[
          { label: t`Asked for by`, value: vendor },
          { label: t`Registered`, value: <Day at={createdAt} /> },
          { label: t`Key and version`, value: integrationKey && <bdi data-of-server>{`${integrationKey} ${version}`}</bdi> },
          { label: t`Address of the document`, value: <bdi data-of-server>{url}</bdi> },
          { label: t`Read last`, value: fetchedAt && <Moment at={fetchedAt} /> },
          { label: t`Messages go to`, value: endpoint && <bdi data-of-server>{endpoint}</bdi> },
          { label: t`In use by`, value: isKnown ? <InUse use={use} /> : null },
          {
            label: t`Changed declaration`,
            value:
              isKnown && use.awaiting > 0 ? (
                <Plural value={use.awaiting} one="# installation waits until its administrator approves it" other="# installations wait until their administrators approve it" />
              ) : null,
          },
        ]}
      />
      {declaration && (
        <>
          <DeclarationFacts declaration={declaration} />
          <DeclarationWords declaration={declaration} />
        </>
      )}
      {children}
    </li>
  );
}

function InUse({ use: { organisations, installations } }: { use: Remote["use"] }) {
  if (installations === 0) return <Trans>nobody yet</Trans>;
  return (
    <>
      <Plural value={organisations} one="# organisation" other="# organisations" />, <Plural value={installations} one="# installation" other="# installations" />
    </>
  );
}

/** What was wrong at the last look, in the server's words for the vendor; an earlier document may hold meanwhile. */
function Fault({ remote: { fault, faultySince, declaration } }: { remote: Remote }) {
  if (!fault) return null;
  return (
    <p className={css.fault}>
      {declaration ? (
        <Trans>What is served there now can’t be used; till it can, the declaration below holds.</Trans>
      ) : (
        <Trans>What is served there can’t be used yet.</Trans>
      )}{" "}
      <span lang="en" data-of-server>
        {fault}
      </span>
      {faultySince && (
        <Trans>
          Since <Moment at={faultySince} isExact />
        </Trans>
      )}
    </p>
  );
}
