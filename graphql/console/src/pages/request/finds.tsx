/** What in texts may be the person: read on demand, since that is a look at what others wrote, and decided one by one or together. */

import { Plural, Trans, useLingui } from "@lingui/react/macro";
import { useState } from "react";
import type { ResultOf } from "../../api/graphql";
import { useCommand } from "../../api/use_command";
import { Refusals } from "../../components/act_failures";
import { Button, Buttons } from "../../components/button";
import { Choice } from "../../components/choice";
import { Reason } from "../../components/states";
import { DecideFindsMutation, ReadFindsMutation } from "./left/documents";
import css from "./request.module.css";
import type { Preview, Request, Right } from "./types";
import { FIND_RULE_NAMES } from "./words";

export type Find = ResultOf<typeof ReadFindsMutation>["readErasureFinds"]["finds"][number];
type Treatment = "REWRITE" | "KEEP";

const PAGE = 20;

interface Properties {
  request: Request;
  right: Right;
  preview: Preview;
  onDecided: () => void;
}

export function Finds({ request, right, preview, onDecided }: Properties) {
  const { t } = useLingui();
  const reading = useCommand(ReadFindsMutation);
  const deciding = useCommand(DecideFindsMutation);
  const [finds, setFinds] = useState<readonly Find[]>();
  const [next, setNext] = useState<string | null>(null);
  const [chosen, setChosen] = useState<ReadonlyMap<string, Treatment>>(new Map());
  const [others, setOthers] = useState<Treatment | "NONE">("NONE");
  const name = request.member?.displayName ?? t`this person`;
  const read = async (after: string | null) => {
    const page = await reading.run({ input: { rightId: right.id, first: PAGE, after } });
    if (!page) return;
    setFinds([...(after ? (finds ?? []) : []), ...page.finds]);
    setNext(page.last);
  };
  const decide = async () => {
    const decided = [...chosen].map(([findId, treatment]) => ({ findId, treatment }));
    if (!(await deciding.run({ input: { rightId: right.id, finds: decided, others: others === "NONE" ? null : others } }))) return;
    setChosen(new Map());
    setFinds(undefined);
    onDecided();
  };
  const command = deciding.refusals.length || deciding.failure ? deciding : reading;
  return (
    <section className={css.finds} aria-label={t`Texts that may mean the person`}>
      <p>
        <Plural
          value={preview.listed}
          one="# passage in texts may mean the person, or a word, or somebody else."
          other="# passages in texts may mean the person, or a word, or somebody else."
        />{" "}
        {preview.undecided > 0 ? <Plural value={preview.undecided} one="# is to be decided." other="# are to be decided." /> : <Trans>All are decided.</Trans>}
      </p>
      {!finds && (
        <Button isPending={reading.isRunning} onPress={() => void read(null)}>
          <Trans>Look at them (is recorded as a look)</Trans>
        </Button>
      )}
      <Refusals refusals={command.refusals} />
      {command.failure && <Reason failure={command.failure} isAct />}
      {finds && (
        <>
          <ul className={css.plain}>
            {finds.map((find) => (
              <Passage
                key={find.id}
                find={find}
                treatment={chosen.get(find.id) ?? find.treatment}
                onChoose={(treatment) => setChosen(new Map(chosen).set(find.id, treatment))}
              />
            ))}
          </ul>
          {next && (
            <Button kind="quiet" isPending={reading.isRunning} onPress={() => void read(next)}>
              <Trans>Show more</Trans>
            </Button>
          )}
          <Choice
            label={t`All others`}
            options={[
              { id: "NONE", name: t`Leave undecided` },
              { id: "REWRITE", name: t`They mean ${name}: put the pseudonym in` },
              { id: "KEEP", name: t`They mean something else: leave them` },
            ]}
            value={others}
            onChange={setOthers}
          />
          <Buttons>
            <Button kind="main" isDisabled={chosen.size === 0 && others === "NONE"} isPending={deciding.isRunning} onPress={() => void decide()}>
              <Trans>Save, and preview again</Trans>
            </Button>
          </Buttons>
        </>
      )}
    </section>
  );
}

interface PassageProperties {
  find: Find;
  treatment: Treatment | null;
  onChoose: (treatment: Treatment) => void;
}

function Passage({ find, treatment, onChoose }: PassageProperties) {
  const { t, i18n } = useLingui();
  const rule = FIND_RULE_NAMES[find.rule];
  const [before, after] = [readable(find.before), readable(find.after)];
  const passage = `${before}${find.found ?? ""}${after}`;
  return (
    <li>
      <blockquote dir="auto" className={css.passage}>
        {find.found === null ? <Trans>The text was changed meanwhile: preview again.</Trans> : null}
        {before}
        {find.found !== null && <mark>{find.found}</mark>}
        {after}
      </blockquote>
      <span className={css.hint}>
        {rule ? i18n._(rule) : find.ruleWords}
        {find.isGroup && (
          <>
            {" – "}
            <Plural value={find.count} one="stands for # that looks alike" other="stands for # that look alike" />
          </>
        )}
      </span>
      <div role="group" aria-label={t`What becomes of “${passage.trim()}”`} className={css.choice}>
        {(["REWRITE", "KEEP"] as const).map((one) => (
          <Button key={one} kind={treatment === one ? "main" : "plain"} aria-pressed={treatment === one} onPress={() => onChoose(one)}>
            {one === "REWRITE" ? <Trans>It is the person</Trans> : <Trans>It is something else</Trans>}
          </Button>
        ))}
      </div>
    </li>
  );
}

const MENTION = /<@[0-9a-f-]{36}>/g;

/** A mention is kept as an id: whom it names is not asked, since that is another look. */
function readable(text: string | null): string {
  return (text ?? "").replace(MENTION, "@…");
}
