/** Who looks, and who asks for it: known once for each organisation. */

import { useMemo, useRef, useState } from "react";
import { useClient } from "urql";
import { ShellQuery } from "../api/documents";
import type { Asking, Viewer } from "../api/shell_asking";

export interface Known {
  viewer: Viewer | undefined;
  /** The shell has asked, and was refused: there is no such organisation for this person. */
  isNobody: boolean;
  asking: Asking;
}

export function useAsking(): Known {
  const client = useClient();
  const [viewer, setViewer] = useState<Viewer>();
  const [isNobody, setIsNobody] = useState(false);
  const now = useRef({ isKnown: false, isClaimed: false, isAsked: false });
  const asking = useMemo(() => {
    const know = (found: Viewer) => {
      now.current.isKnown = true;
      setViewer(found);
    };
    const ask = async () => {
      if (now.current.isKnown || now.current.isAsked) return;
      now.current.isAsked = true;
      const { data } = await client.query(ShellQuery, {}, { requestPolicy: "network-only" }).toPromise();
      now.current.isAsked = data !== undefined;
      if (data) know(data.viewer);
      else setIsNobody(true);
    };
    return {
      know,
      isWanted: () => !now.current.isKnown && !now.current.isAsked,
      claim: () => void (now.current.isClaimed = true),
      ask: () => void ask(),
      arrive: () => void (now.current.isClaimed || ask()),
    };
  }, [client]);
  return { viewer, isNobody, asking };
}
