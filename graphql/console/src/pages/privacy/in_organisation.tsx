import { type ReactNode, useMemo } from "react";
import { Provider } from "urql";
import { makeClient } from "../../api/client";

/** What is done inside acts in another organisation, whose answers are kept apart. */
export function InOrganisation({ slug, children }: { slug: string; children: ReactNode }) {
  const client = useMemo(() => makeClient(slug), [slug]);
  return <Provider value={client}>{children}</Provider>;
}
