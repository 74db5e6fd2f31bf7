import { useLingui } from "@lingui/react/macro";
import { useMemo } from "react";
import { Badge } from "../../../components/badge";
import type { Column } from "../../../components/data_table";
import { Moment } from "../../../components/moment";
import { Person } from "../../../components/person";
import { ObjectLink } from "../../../components/text_link";
import { useFormats } from "../../../language/formats";
import { purposeName } from "../../../words/taxonomy";
import { DELIVERY_NAMES, DELIVERY_TONES, fieldName } from "../words";

export interface LedgerRow {
  id: string;
  createdAt: string;
  recipient: string;
  fields: readonly string[];
  purposes: readonly string[];
  state: keyof typeof DELIVERY_NAMES;
  installation?: { id: string; name: string } | null;
  member: { id: string; displayName: string | null } | null;
}

/** When what of whom went to whom, and whether it arrived. */
export function useLedgerColumns({ withRecipient }: { withRecipient: boolean }): Column<LedgerRow>[] {
  const { t, i18n } = useLingui();
  const formats = useFormats();
  return useMemo(
    () => [
      { id: "member", title: t`Person`, isRowHeader: true, cell: ({ member }) => <Person person={member} /> },
      ...(withRecipient ? [{ id: "recipient", title: t`Recipient`, cell: recipientOf }] : []),
      { id: "fields", title: t`Data`, cell: ({ fields }) => formats.list(fields.map((name) => fieldName(i18n, name))) },
      {
        id: "purposes",
        title: t`In order to`,
        isSecondary: true,
        cell: ({ purposes }) => formats.list(purposes.map((key) => purposeName(i18n, key))),
      },
      { id: "at", title: t`Sent`, cell: ({ createdAt }) => <Moment at={createdAt} isExact /> },
      { id: "state", title: t`Arrival`, cell: ({ state }) => <Badge tone={DELIVERY_TONES[state]}>{i18n._(DELIVERY_NAMES[state])}</Badge> },
    ],
    [t, i18n, formats, withRecipient],
  );
}

function recipientOf({ installation, recipient }: LedgerRow) {
  if (!installation) return <bdi data-of-server>{recipient}</bdi>;
  return (
    <ObjectLink page="integrations" id={installation.id}>
      <bdi>{installation.name}</bdi>
    </ObjectLink>
  );
}
