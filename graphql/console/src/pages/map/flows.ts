/** The map's cells, and the categories and recipients that they lie between. */

import type { ResultOf } from "../../api/graphql";
import type { MapQuery } from "./documents";

export type Flow = ResultOf<typeof MapQuery>["dataFlows"][number];

export interface Recipient {
  /** Tells recipients of one name apart. */
  key: string;
  name: string;
  installation: string | null;
}

export interface Flows {
  categories: readonly { key: string; isSpecial: boolean }[];
  recipients: readonly Recipient[];
  cells: readonly (Flow & { key: string })[];
}

/** Sort flows into a map: categories in the order of their keys, recipients as they come. */
export function flowsOf(found: readonly Flow[]): Flows {
  const cells = found.map((flow) => ({ ...flow, key: keyOf(flow) }));
  const categories = new Map(cells.map(({ category, isSpecial }) => [category, isSpecial]));
  const recipients = new Map(
    cells.map(({ key, recipient, installation }) => [key, { key, name: installation?.name ?? recipient, installation: installation?.id ?? null }]),
  );
  return {
    cells,
    categories: [...categories].sort(([one], [other]) => (one < other ? -1 : 1)).map(([key, isSpecial]) => ({ key, isSpecial })),
    recipients: [...recipients.values()],
  };
}

/** An installation may have data at two places: each is a recipient. */
function keyOf({ installation, recipient }: Flow): string {
  return `${installation?.id ?? ""} ${recipient}`;
}

/** Of how many people something of a category lies with a recipient. */
export function cellAt(flows: Flows, category: string, recipient: string) {
  return flows.cells.find((cell) => cell.category === category && cell.key === recipient);
}
