/** Who looks, and who asks for it: known once for each organisation. */

import { useMemo, useRef, useState } from "react";
import { useClient } from "urql";
import { ShellQuery } from "../api/documents";
import { failureOf } from "../api/failures";
import type { Asking, Viewer } from "../api/shell_asking";

/** Absent, or not this person's: one answer for both. */
const NO_ORGANISATION = "ORGANISATION_NOT_FOUND";

export interface Known {
  viewer: Viewer | undefined;
  /** The shell has asked, and there is no such organisation for this person. */
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
      const { data, error } = await client.query(ShellQuery, {}, { requestPolicy: "network-only" }).toPromise();
      now.current.isAsked = data !== undefined;
      if (data) know(data.viewer);
      else if (failureOf(error)?.code === NO_ORGANISATION) setIsNobody(true);
      // Of anything else the page tells the reason, and asks again by hand.
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
