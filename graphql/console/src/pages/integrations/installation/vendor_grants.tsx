import { Trans, useLingui } from "@lingui/react/macro";
import { useState } from "react";
import { Button } from "../../../components/button";
import { type Column, DataTable } from "../../../components/data_table";
import { Day } from "../../../components/moment";
import { opened } from "../../../components/opened";
import { Person } from "../../../components/person";
import { Section } from "../../../components/section";
import { useManages } from "../authority";
import type { Installation } from "./installation_page";

const EndGrantDialog = opened(() => import("./end_grant_dialog"), "EndGrantDialog");

export type VendorGrant = Installation["vendorGrants"][number];

/** Which programs of the vendor were let in to fetch, and the end of that. */
export function VendorGrants({ installation, onDone }: { installation: Installation; onDone: () => void }) {
  const { t } = useLingui();
  const mayManage = useManages()(installation);
  const [ending, setEnding] = useState<VendorGrant>();
  const grants = installation.vendorGrants;
  if (grants.length === 0) return null;
  const columns: Column<VendorGrant>[] = [
    { id: "name", title: t`Program`, isRowHeader: true, cell: ({ clientName }) => <bdi data-of-server>{clientName}</bdi> },
    { id: "since", title: t`Since`, cell: ({ createdAt }) => <Day at={createdAt} /> },
    { id: "by", title: t`Let in by`, cell: ({ grantedBy }) => <Person person={grantedBy} /> },
  ];
  if (mayManage) {
    columns.push({
      id: "acts",
      title: t`Act`,
      cell: (grant) => (
        <Button kind="quiet" onPress={() => setEnding(grant)} aria-label={t`Let ${grant.clientName} in no more`}>
          <Trans>End …</Trans>
        </Button>
      ),
    });
  }
  return (
    <Section title={t`Who of the vendor may fetch`} about={<Trans>These programs fetch what is allowed above, by themselves.</Trans>}>
      <DataTable label={t`Programs that may fetch`} columns={columns} rows={grants} nameOf={({ clientName }) => clientName} />
      {ending && <EndGrantDialog grant={ending} onDone={onDone} onClose={() => setEnding(undefined)} />}
    </Section>
  );
}
