import { Link, useParams } from "@tanstack/react-router";
import type { ReactNode } from "react";

interface Properties {
  installation: string | null;
  category: string;
  label: string;
  children: ReactNode;
}

/** Leads to the deliveries behind a number; a number alone where one may not see the third party. */
export function LedgerLink({ installation, category, label, children }: Properties) {
  const { organisation = "" } = useParams({ strict: false });
  if (!installation) return <>{children}</>;
  return (
    <Link
      to="/o/$organisation/integrations/$id"
      params={{ organisation, id: installation }}
      search={{ tab: "ledger", category }}
      aria-label={label}
    >
      {children}
    </Link>
  );
}
