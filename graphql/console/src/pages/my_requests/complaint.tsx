import { Trans, useLingui } from "@lingui/react/macro";
import { Section } from "../../components/section";
import type { OwnRequest } from "./my_request_page";

/** Whom to turn to when one is not content: the organisation's contact, then the authorities. */
export function Complaint({ request: { complainTo }, contact }: { request: OwnRequest; contact: string }) {
  const { t } = useLingui();
  if (complainTo.length === 0 && !contact) return null;
  return (
    <Section title={t`Not content?`}>
      {contact && (
        <p>
          <Trans>
            Turn to <bdi>{contact}</bdi> first.
          </Trans>
        </p>
      )}
      {complainTo.length > 0 && (
        <p>
          <Trans>You can complain at any time, and for free:</Trans>{" "}
          {complainTo.map(({ name, website }, place) => (
            <span key={name}>
              {place > 0 && ", "}
              <a href={website}>
                <bdi>{name}</bdi>
              </a>
            </span>
          ))}
        </p>
      )}
    </Section>
  );
}
