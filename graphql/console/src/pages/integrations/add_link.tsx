import { useParams } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { LinkButton } from "../../components/link_button";

/** Leads to what can be connected. */
export function AddLink({ kind = "plain", children }: { kind?: "main" | "plain"; children: ReactNode }) {
  const { organisation = "" } = useParams({ strict: false });
  return (
    <LinkButton kind={kind} to={`/o/${encodeURIComponent(organisation)}/integrations/add`}>
      {children}
    </LinkButton>
  );
}
