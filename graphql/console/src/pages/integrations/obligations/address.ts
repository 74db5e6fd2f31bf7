import { useParams } from "@tanstack/react-router";
import { stringifySearch } from "../../../shell/search";

/** The address at which one obligation is open over the list. */
export function useObligationAddress(): (search: Record<string, unknown>) => string {
  const { organisation = "" } = useParams({ strict: false });
  return (search) => `/o/${encodeURIComponent(organisation)}/obligations${stringifySearch(search)}`;
}
