/** Who may change a third party: who manages all of them, and whoever has connected it for the own data. */

import { useMay, useViewer } from "../../shell/viewer";

interface Held {
  member: { id: string } | null;
}

export function useManages(): (installation: Held) => boolean {
  const managesAll = useMay("INTEGRATIONS_MANAGE");
  const me = useViewer()?.member?.id;
  return ({ member }) => managesAll || (me !== undefined && member?.id === me);
}
