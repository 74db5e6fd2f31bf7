import { Plural, Trans, useLingui } from "@lingui/react/macro";
import { Button, Buttons } from "../../components/button";
import { DataTable } from "../../components/data_table";
import { Choice } from "../../components/choice";
import { Section } from "../../components/section";
import { TARGET_NAMES, type Target, TARGETS } from "./columns";
import css from "./import.module.css";
import type { Sheet } from "./read_file";

interface Properties {
  sheet: Sheet;
  mapping: readonly (Target | null)[];
  onChange: (mapping: (Target | null)[]) => void;
  onImport: () => void;
  onAnew: () => void;
}

const SHOWN = 5;
const LEFT_OUT = "none";

/** What each column is taken for, and the first people as they would be imported. */
export function Mapping({ sheet, mapping, onChange, onImport, onAnew }: Properties) {
  const { t, i18n } = useLingui();
  const count = sheet.rows.length;
  const choose = (place: number, target: Target | typeof LEFT_OUT) =>
    onChange(mapping.map((now, at) => (at === place ? (target === LEFT_OUT ? null : target) : now === target ? null : now)));
  const taken = mapping.flatMap((target, place) => (target ? [{ target, place }] : []));
  const hasEmail = taken.some(({ target }) => target === "email");
  const rows = sheet.rows.slice(0, SHOWN).map((cells, place) => ({ id: String(place), cells }));
  const options = [{ id: LEFT_OUT, name: t`left out` } as const, ...TARGETS.map((id) => ({ id, name: i18n._(TARGET_NAMES[id]) }))];
  return (
    <>
      <Section title={t`What the columns are`} about={<bdi>{sheet.name}</bdi>}>
        <div className={css.columns}>
          {sheet.titles.map((title, place) => (
            <Choice<Target | typeof LEFT_OUT>
              key={place}
              label={title || t`Column ${place + 1}`}
              options={options}
              value={mapping[place] ?? LEFT_OUT}
              onChange={(target) => choose(place, target)}
            />
          ))}
        </div>
      </Section>
      <Section title={t`The first people`}>
        {taken.length > 0 && (
          <DataTable
            label={t`The first people`}
            columns={taken.map(({ target, place }, at) => ({
              id: target,
              title: i18n._(TARGET_NAMES[target]),
              isRowHeader: at === 0,
              cell: ({ cells }: (typeof rows)[number]) => <bdi>{cells[place]}</bdi>,
            }))}
            rows={rows}
            nameOf={({ cells }) => cells[taken[0]?.place ?? 0] ?? ""}
          />
        )}
      </Section>
      {!hasEmail && (
        <p role="alert" className={css.fault}>
          <Trans>Say which column holds the e-mail address.</Trans>
        </p>
      )}
      <Buttons>
        <Button kind="main" isDisabled={!hasEmail} onPress={onImport}>
          <Plural value={count} one="Import # person" other="Import # people" />
        </Button>
        <Button kind="quiet" onPress={onAnew}>
          <Trans>Another file</Trans>
        </Button>
      </Buttons>
    </>
  );
}
