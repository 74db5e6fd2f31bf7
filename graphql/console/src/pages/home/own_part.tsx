import { Trans, useLingui } from "@lingui/react/macro";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { Section } from "../../components/section";
import { isKnown, isMember, isOneself, useViewer } from "../../shell/viewer";
import css from "./home.module.css";
import { homeRoute } from "./route";

/** Where somebody goes who decides on the own data alone; the provider passes data on to nobody, so that a customer has less to decide. */
export function OwnPart() {
  const { t } = useLingui();
  const viewer = useViewer();
  if (!viewer || !isOneself(viewer)) return null;
  return (
    <Section title={t`Your data`}>
      <ul className={css.own}>
        {isKnown(viewer) && (
          <Way page="me" name={<Trans>See who has it</Trans>}>
            <Trans>What is held of you and why, to whom it went, and who looked at it.</Trans>
          </Way>
        )}
        <Way page="me/ask" name={<Trans>Ask for a copy, a correction or a deletion</Trans>}>
          <Trans>Before you send it you see who decides, and by when you get an answer.</Trans>
        </Way>
        <Way page="me/requests" name={<Trans>Follow what you asked</Trans>}>
          <Trans>How far it is, what every recipient did, and the proof of it.</Trans>
        </Way>
        {isMember(viewer) && (
          <Way page="me/choices" name={<Trans>Decide what it may be used for</Trans>}>
            <Trans>Give or take back a consent, or object: it takes effect at once.</Trans>
          </Way>
        )}
      </ul>
    </Section>
  );
}

function Way({ page, name, children }: { page: string; name: ReactNode; children: ReactNode }) {
  const { organisation } = homeRoute.useParams();
  return (
    <li>
      <Link to={`/o/${organisation}/${page}` as string}>{name}</Link>
      <p>{children}</p>
    </li>
  );
}
