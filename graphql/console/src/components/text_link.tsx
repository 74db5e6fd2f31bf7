import { Link, useParams } from "@tanstack/react-router";
import type { ReactNode } from "react";

/** The address of an object's page below `/console`. */
export function useObjectAddress(): (page: string, id: string) => string {
  const { organisation = "" } = useParams({ strict: false });
  return (page, id) => `/o/${encodeURIComponent(organisation)}/${page}/${encodeURIComponent(id)}`;
}

/** A link to the page of an object. */
export function ObjectLink({ page, id, children }: { page: string; id: string; children: ReactNode }) {
  const addressOf = useObjectAddress();
  return <Link to={addressOf(page, id) as string}>{children}</Link>;
}
