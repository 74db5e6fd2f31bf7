import { Trans, useLingui } from "@lingui/react/macro";
import { useNavigate } from "@tanstack/react-router";
import type { ResultOf } from "../../api/graphql";
import { ActFailures } from "../../components/act_failures";
import { Empty } from "../../components/states";
import { fieldName } from "../../words/data_fields";
import { useChoices } from "../../components/choosing/use_choices";
import type { MyDataQuery } from "./documents";
import css from "./me.module.css";
import { RecipientCard } from "./recipient_card";
import { myDataRoute } from "./route";

export type MyData = ResultOf<typeof MyDataQuery>;
export type Recipient = MyData["myRecipients"]["edges"][number]["node"];

/** Who received data or may, narrowed to those who received one datum. */
export function Recipients({ mine, refresh }: { mine: MyData; refresh: () => void }) {
  const { i18n } = useLingui();
  const { data } = myDataRoute.useSearch();
  const choices = useChoices(refresh);
  const all = mine.myRecipients.edges.map(({ node }) => node);
  const shown = all.filter(({ received }) => !data || received.some(({ name }) => name === data));
  // Who has something comes first; who only may, last.
  const ordered = [...shown].sort((one, other) => rank(one) - rank(other));
  if (all.length === 0) {
    return (
      <Empty>
        <Trans>Nobody but your organisation has data of you. Once it shares something, what, with whom and what for stands here, and you can object.</Trans>
      </Empty>
    );
  }
  return (
    <>
      <WhichData all={all} />
      <p role="status" className={css.answer}>
        {data && <Received names={shown.map(({ integration }) => integration)} field={fieldName(i18n, data)} />}
      </p>
      <ActFailures commands={choices.commands} />
      <ul className={css.cards}>
        {ordered.map((recipient) => (
          <RecipientCard key={recipient.installationId} recipient={recipient} mine={mine} choices={choices} data={data} />
        ))}
      </ul>
      {mine.myRecipients.pageInfo.hasNextPage && (
        <p>
          <Trans>More than 50 may receive data of you; a copy of your data names them all.</Trans>
        </p>
      )}
    </>
  );
}

function rank({ holding, received }: Recipient): number {
  return holding ? 0 : received.length ? 1 : 2;
}

function Received({ names, field }: { names: string[]; field: string }) {
  const list = new Intl.ListFormat(document.documentElement.lang).format(names);
  return names.length === 0 ? <Trans>“{field}” was sent to nobody.</Trans> : <Trans>“{field}” was sent to: {list}.</Trans>;
}

/** The single data that anybody received, to ask who did. */
function WhichData({ all }: { all: Recipient[] }) {
  const { t, i18n } = useLingui();
  const { data } = myDataRoute.useSearch();
  const navigate = useNavigate({ from: myDataRoute.fullPath });
  const names = [...new Set(all.flatMap(({ received }) => received.map(({ name }) => name)))];
  if (names.length === 0) return null;
  const choose = (name: string | undefined) => void navigate({ search: (now) => ({ ...now, data: name }), replace: true });
  return (
    <div className={css.which}>
      <span id="which-data">
        <Trans>Who received my …</Trans>
      </span>
      <div role="radiogroup" aria-labelledby="which-data" className={css.chips}>
        {names
          .map((name) => ({ name, title: fieldName(i18n, name) }))
          .sort((one, other) => one.title.localeCompare(other.title, i18n.locale === "de" ? "de" : "en"))
          .map(({ name, title }) => (
            <label key={name} className={css.chip}>
              <input type="radio" name="which-data" checked={name === data} onChange={() => choose(name)} />
              {title}
            </label>
          ))}
      </div>
      {data && (
        <button type="button" className={css.clear} onClick={() => choose(undefined)}>
          {t`Show all`}
        </button>
      )}
    </div>
  );
}
