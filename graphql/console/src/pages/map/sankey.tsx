/** The flow view: categories at the beginning, recipients at the end, as wide as people are many. */

import { useLingui } from "@lingui/react/macro";
import { sankey, sankeyLinkHorizontal, type SankeyLink, type SankeyNode } from "d3-sankey";
import type { ReactNode } from "react";
import { Plot } from "../../components/plot";
import { useFormats } from "../../language/formats";
import { categoryName } from "../../words/taxonomy";
import type { Flows } from "./flows";
import css from "./map.module.css";

interface Place {
  id: string;
  name: string;
}

interface Stripe {
  isSpecial: boolean;
}

type Node = SankeyNode<Place, Stripe>;
type Link = SankeyLink<Place, Stripe>;

const WIDTH = 960;
const ROW = 44;
const LABEL = 250;
const HATCH = "special-data";

export default function Sankey({ flows, table }: { flows: Flows; table: ReactNode }) {
  const { t } = useLingui();
  return <Plot title={t`From data to recipients, by people`} picture={<Picture flows={flows} />} table={table} />;
}

function Picture({ flows }: { flows: Flows }) {
  const { t, i18n } = useLingui();
  const formats = useFormats();
  const height = ROW * Math.max(flows.categories.length, flows.recipients.length, 2);
  const isMirrored = document.dir === "rtl";
  const { nodes, links } = layout(flows, height, (key) => categoryName(i18n, key));
  const across = (x: number) => (isMirrored ? WIDTH - x : x);
  return (
    <div className={css.canvas} role="region" aria-label={t`Flow`} tabIndex={0}>
    <svg className={css.sankey} viewBox={`0 0 ${WIDTH} ${height}`} role="img" aria-label={t`From data to recipients, by people: the table says the same`}>
      <defs>
        <pattern id={HATCH} width={8} height={8} patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
          <rect width={4} height={8} className={css.node} />
        </pattern>
      </defs>
      <g transform={isMirrored ? `translate(${WIDTH} 0) scale(-1 1)` : undefined}>
        {links.map((link) => (
          <path
            key={`${nodeOf(link.source).id} ${nodeOf(link.target).id}`}
            className={css.stripe}
            d={sankeyLinkHorizontal()(link) ?? ""}
            strokeWidth={Math.max(2, link.width ?? 0)}
            {...(link.isSpecial ? { style: { stroke: `url(#${HATCH})` } } : {})}
          >
            <title>{t`${nodeOf(link.source).name} → ${nodeOf(link.target).name}: ${formats.number(link.value)} people`}</title>
          </path>
        ))}
        {nodes.map(({ id, x0 = 0, x1 = 0, y0 = 0, y1 = 0 }) => (
          <rect key={id} className={css.node} x={x0} y={y0} width={x1 - x0} height={Math.max(2, y1 - y0)} />
        ))}
      </g>
      {nodes.map(({ id, name, x0 = 0, x1 = 0, y0 = 0, y1 = 0, depth }) => (
        <text
          key={id}
          x={across(depth === 0 ? x0 - 8 : x1 + 8)}
          y={(y0 + y1) / 2}
          dy="0.35em"
          textAnchor={(depth === 0) === isMirrored ? "start" : "end"}
          direction="ltr"
        >
          {name}
        </text>
      ))}
    </svg>
    </div>
  );
}

function layout(flows: Flows, height: number, nameOf: (category: string) => string): { nodes: Node[]; links: Link[] } {
  const nodes: Place[] = [
    ...flows.categories.map(({ key }) => ({ id: key, name: nameOf(key) })),
    ...flows.recipients.map(({ key, name }) => ({ id: key, name })),
  ];
  const links = flows.cells.filter(({ people }) => people > 0).map(({ category, key, people, isSpecial }) => ({ source: category, target: key, value: people, isSpecial }));
  const lay = sankey<Place, Stripe>()
    .nodeId(({ id }) => id)
    .nodeWidth(10)
    .nodePadding(14)
    .extent([
      [LABEL, 6],
      [WIDTH - LABEL, height - 6],
    ]);
  return lay({ nodes: nodes.filter(({ id }) => links.some(({ source, target }) => source === id || target === id)), links });
}

function nodeOf(end: Link["source"]): Node {
  return end as Node;
}
