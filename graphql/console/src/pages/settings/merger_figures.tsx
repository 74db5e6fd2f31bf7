import { useLingui } from "@lingui/react/macro";
import { useFormats } from "../../language/formats";
import css from "./settings.module.css";
import { FIGURES, type Merger } from "./words";

type Preview = NonNullable<Merger["preview"]>;

/** What a merger brings, in numbers; what there is none of is left out. */
export function MergerFigures({ preview }: { preview: Preview }) {
  const { i18n } = useLingui();
  const { number } = useFormats();
  const order = Object.keys(FIGURES);
  const figures = preview.figures.filter(({ count }) => count > 0).toSorted((one, other) => order.indexOf(one.name) - order.indexOf(other.name));
  return (
    <dl className={css.figures}>
      {figures.map(({ name, count }) => (
        <div key={name}>
          <dt>{FIGURES[name] ? i18n._(FIGURES[name]) : <code>{name}</code>}</dt>
          <dd>{number(count)}</dd>
        </div>
      ))}
    </dl>
  );
}
