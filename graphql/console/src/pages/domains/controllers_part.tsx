import { Trans, useLingui } from "@lingui/react/macro";
import { useState } from "react";
import { usePart } from "../../api/use_page";
import { Badge } from "../../components/badge";
import { Button } from "../../components/button";
import { DataTable } from "../../components/data_table";
import { Section } from "../../components/section";
import { Part } from "../../components/states";
import { useViewer } from "../../shell/viewer";
import { ControllersQuery } from "./documents";

/** Who decides on which kind of data once an account belongs to the organisation. */
export function ControllersPart() {
  const { t } = useLingui();
  const [isOpen, setIsOpen] = useState(false);
  const isMember = Boolean(useViewer()?.member);
  const asked = usePart(ControllersQuery, {}, isOpen && isMember);
  if (!isMember) return null;
  const rows = asked.data?.heldCategories.map((one) => ({ id: one.category, ...one })) ?? [];
  return (
    <Section
      title={t`Who decides on which data`}
      about={<Trans>Who joins keeps the account. Your organisation decides on what belongs to the membership, the provider on what belongs to the account.</Trans>}
    >
      {isOpen ? (
        <Part asked={asked} lines={6}>
          <DataTable
            label={t`Who decides on which data`}
            rows={rows}
            nameOf={({ label }) => label}
            columns={[
              {
                id: "label",
                title: t`Kind of data`,
                isRowHeader: true,
                cell: ({ label, isSpecial }) => (
                  <>
                    <span data-of-server>{label}</span>
                    {isSpecial && (
                      <>
                        {" "}
                        <Badge tone="warn">{t`Specially protected`}</Badge>
                      </>
                    )}
                  </>
                ),
              },
              {
                id: "controller",
                title: t`Decides on it`,
                cell: ({ controller }) => (controller === "ORGANISATION" ? t`Your organisation; the provider holds it for you` : t`The provider`),
              },
            ]}
          />
        </Part>
      ) : (
        <Button onPress={() => setIsOpen(true)}>
          <Trans>Show kind by kind</Trans>
        </Button>
      )}
    </Section>
  );
}
