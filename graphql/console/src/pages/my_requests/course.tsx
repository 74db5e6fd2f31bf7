import { useLingui } from "@lingui/react/macro";
import { Section } from "../../components/section";
import { useFormats } from "../../language/formats";
import css from "./my_requests.module.css";
import type { OwnRequest } from "./my_request_page";
import { eventOf, MY_KINDS } from "./words";

/** What happened, oldest first. */
export function Course({ request }: { request: OwnRequest }) {
  const { t, i18n } = useLingui();
  const formats = useFormats();
  const several = request.rights.length > 1;
  return (
    <Section title={t`What happened`}>
      <ol className={css.course}>
        {request.events.map(({ at, kind, reason, rightId }, place) => {
          const right = several ? request.rights.find(({ id }) => id === rightId) : undefined;
          return (
            <li key={place}>
              <span>
                {right && `${i18n._(MY_KINDS[right.kind])}: `}
                {eventOf(i18n, kind)}
              </span>
              <time dateTime={at}>{formats.dateTime(at)}</time>
              {isWords(reason) && (
                <span className={css.hint} dir="auto">
                  {reason}
                </span>
              )}
            </li>
          );
        })}
      </ol>
    </Section>
  );
}

/** Codes are for programs. */
function isWords(reason: string): boolean {
  return reason !== "" && !/^[a-z_,]+$/.test(reason);
}
