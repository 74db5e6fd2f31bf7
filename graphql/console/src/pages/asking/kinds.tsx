import { msg } from "@lingui/core/macro";
import type { MessageDescriptor } from "@lingui/core";
import { useLingui } from "@lingui/react/macro";
import { Tick } from "../../components/fields";
import css from "./asking.module.css";
import { type Asked, ASKED } from "./rights";

const WORDS: Record<Asked, { name: MessageDescriptor; meaning: MessageDescriptor }> = {
  ACCESS: {
    name: msg`A copy of my data`,
    meaning: msg`Everything that is held on you, who received it and who looked at it, as a file to read. It is there for seven days.`,
  },
  PORTABILITY: {
    name: msg`A copy to take elsewhere`,
    meaning: msg`What you gave, in a form that another service can read.`,
  },
  CORRECTION: {
    name: msg`Correct what is wrong`,
    meaning: msg`Everybody who received it is told the right value.`,
  },
  RESTRICTION: {
    name: msg`Keep my data, but stop using it`,
    meaning: msg`Nothing is deleted, and nothing is passed on. You can end this yourself at any time.`,
  },
  ERASURE: {
    name: msg`Delete my data`,
    meaning: msg`Once agreed, it waits for 14 days, in which you can call it off. Then it can't be undone, here and at everybody who received it.`,
  },
  DEACTIVATION: {
    name: msg`Leave`,
    meaning: msg`Nothing more is shared. Your data is kept for 90 days, in which you can come back; then its deletion is asked for.`,
  },
};

/** What somebody asks for, in everyday words; several at once, each of which is decided by itself. */
export function Kinds({ offered, chosen, onChange }: { offered: readonly Asked[]; chosen: readonly Asked[]; onChange: (kinds: readonly Asked[]) => void }) {
  const { i18n } = useLingui();
  const turn = (kind: Asked, is: boolean) => onChange(ASKED.filter((one) => (one === kind ? is : chosen.includes(one))));
  return (
    <div className={css.kinds}>
      {offered.map((kind) => (
        <Tick key={kind} isSelected={chosen.includes(kind)} onChange={(is) => turn(kind, is)}>
          <strong>{i18n._(WORDS[kind].name)}</strong>
          <span className={css.meaning}>{i18n._(WORDS[kind].meaning)}</span>
        </Tick>
      ))}
    </div>
  );
}
