import { msg } from "@lingui/core/macro";
import type { MessageDescriptor } from "@lingui/core";
import { Trans, useLingui } from "@lingui/react/macro";
import type { Refused } from "../../api/failures";
import type { ResultOf } from "../../api/graphql";
import { errorsAt } from "../../components/command_form";
import { Choice } from "../../components/choice";
import { Deadline } from "../../components/moment";
import { useFormats } from "../../language/formats";
import { COUNTRIES } from "../../words/countries";
import css from "./asking.module.css";
import type { AskingQuery } from "./documents";

const NONE = "-";
const LAWS: Record<string, MessageDescriptor> = {
  gdpr: msg`the General Data Protection Regulation`,
  ccpa: msg`the California Consumer Privacy Act`,
  lgpd: msg`the Brazilian data protection law (LGPD)`,
  dpdp: msg`the Indian data protection act (DPDP)`,
};

interface Properties {
  terms: ResultOf<typeof AskingQuery>["requestTerms"];
  country: string;
  onCountry: (country: string) => void;
  work: string;
  onWork: (country: string) => void;
  refusals: readonly Refused[];
}

/** The day by which the law asks for an answer, from where the person lives. */
export function Terms({ terms, country, onCountry, work, onWork, refusals }: Properties) {
  const { t, i18n } = useLingui();
  const formats = useFormats();
  const law = LAWS[terms.regime] ? i18n._(LAWS[terms.regime]!) : terms.regime;
  const named = COUNTRIES.map((id) => ({ id, name: formats.country(id) })).sort((one, other) => one.name.localeCompare(other.name));
  const options = [{ id: NONE, name: t`Not said` }, ...named];
  const code = (chosen: string) => (chosen === NONE ? "" : chosen);
  return (
    <div className={css.terms}>
      <p role="status" className={css.due}>
        <Trans>
          Answered by <Deadline at={terms.dueAt} />
        </Trans>
      </p>
      <p className={css.meaning}>
        <Trans>If you send it now: {law} says so. It may be extended once, for a reason that you are told before.</Trans>
      </p>
      <div className={css.countries}>
        <Choice label={t`Where you live`} options={options} value={country || NONE} onChange={(chosen) => onCountry(code(chosen))} errors={errorsAt(refusals, "country")} />
        <Choice
          label={t`Where you work, if that is elsewhere`}
          options={options}
          value={work || NONE}
          onChange={(chosen) => onWork(code(chosen))}
          errors={errorsAt(refusals, "workCountry")}
        />
      </div>
      {terms.complainTo.length > 0 && (
        <p className={css.meaning}>
          <Trans>You can complain at any time:</Trans>{" "}
          {terms.complainTo.map(({ name, website }, place) => (
            <span key={name}>
              {place > 0 && ", "}
              <a href={website}>
                <bdi>{name}</bdi>
              </a>
            </span>
          ))}
        </p>
      )}
    </div>
  );
}
