import { Plural, Trans, useLingui } from "@lingui/react/macro";
import { Link } from "@tanstack/react-router";
import { Circle, CircleCheck } from "lucide-react";
import { Section } from "../../components/section";
import css from "./home.module.css";
import { homeRoute } from "./route";
import { type Step, STEPS } from "./words";

/** What is not set up yet; facts tick it off, nobody else. When all is done, nothing stands here. */
export function SetUpPart({ steps }: { steps: readonly Step[] }) {
  const { t, i18n } = useLingui();
  const { organisation } = homeRoute.useParams();
  const left = steps.filter(({ isDone }) => !isDone).length;
  if (left === 0) return null;
  return (
    <Section title={t`Set up`} about={<Plural value={left} one="One step is left." other="# steps are left." />}>
      <ol className={css.steps}>
        {steps.map(({ step, isDone }) => {
          const { name, why, page } = STEPS[step];
          return (
            <li key={step} data-done={isDone || undefined}>
              {isDone ? <CircleCheck aria-hidden /> : <Circle aria-hidden />}
              <div>
                {isDone ? <span>{i18n._(name)}</span> : <Link to={`/o/${organisation}/${page}` as string}>{i18n._(name)}</Link>}
                {isDone ? (
                  <span className={css.done}>
                    <Trans>Done</Trans>
                  </span>
                ) : (
                  <p>{i18n._(why)}</p>
                )}
              </div>
            </li>
          );
        })}
      </ol>
    </Section>
  );
}
