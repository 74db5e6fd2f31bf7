/** What third parties sent of a person: kept apart from the profile, each with who told it. */

import { Trans, useLingui } from "@lingui/react/macro";
import { useState } from "react";
import type { ResultOf } from "../../api/graphql";
import { useCommand } from "../../api/use_command";
import { useTell } from "../../shell/outcomes";
import { fieldName } from "../../words/data_fields";
import { purposeName } from "../../words/taxonomy";
import { ActFailures } from "../act_failures";
import { Badge } from "../badge";
import { Button, Buttons } from "../button";
import { type Column, DataTable } from "../data_table";
import { Day } from "../moment";
import { opened } from "../opened";
import { Section } from "../section";
import { AdoptMutation, type ReceivedFields } from "./documents";

const DismissDialog = opened(() => import("./dismiss_dialog"), "DismissDialog");

type Received = ResultOf<typeof ReceivedFields>;
export type ReceivedDatum = Received["edges"][number]["node"];

interface Properties {
  received: Received | null | undefined;
  /** Whether corrections can be taken over by who looks. */
  mayAdopt: boolean;
  /** Only the person deletes what came in. */
  isMine?: boolean;
  refresh: () => void;
}

/** Nothing where nothing was sent: most people have none. */
export function ReceivedData({ received, mayAdopt, isMine = false, refresh }: Properties) {
  const { t, i18n } = useLingui();
  const tell = useTell();
  const adopting = useCommand(AdoptMutation);
  const [leaving, setLeaving] = useState<ReceivedDatum>();
  const adopt = async ({ id, name }: ReceivedDatum) => {
    if (!(await adopting.run({ input: { receivedDatumId: id } }))) return;
    const field = fieldName(i18n, name);
    tell({ text: t`Taken over into the profile: ${field}.` });
    refresh();
  };
  const rows = received?.edges.map(({ node }) => node) ?? [];
  if (rows.length === 0) return null;
  const columns: Column<ReceivedDatum>[] = [
    { id: "name", title: t`Data`, isRowHeader: true, cell: ({ name }) => <span data-of-server>{fieldName(i18n, name)}</span> },
    {
      id: "value",
      title: t`What it says`,
      cell: ({ value, kind }) => (
        <>
          <bdi data-of-server>{value}</bdi> {kind === "CORRECTED" && <Badge tone="info">{t`proposed correction`}</Badge>}
        </>
      ),
    },
    { id: "source", title: t`Sent by`, cell: ({ source }) => <bdi data-of-server>{source}</bdi> },
    { id: "purpose", title: t`Purpose`, cell: ({ purpose }) => purposeName(i18n, purpose) },
    { id: "received", title: t`Came in`, cell: ({ receivedAt }) => <Day at={receivedAt} /> },
  ];
  if (isMine || (mayAdopt && rows.some(({ isAdoptable }) => isAdoptable))) {
    columns.push({
      id: "acts",
      title: t`Acts`,
      cell: (one) => {
        const field = fieldName(i18n, one.name);
        return (
          <Buttons>
            {mayAdopt && one.isAdoptable && (
              <Button kind="quiet" isPending={adopting.isRunning} onPress={() => void adopt(one)} aria-label={t`Take over: ${field}`}>
                <Trans>Take over</Trans>
              </Button>
            )}
            {isMine && (
              <Button kind="quiet" onPress={() => setLeaving(one)} aria-label={t`Delete: ${field}`}>
                <Trans>Delete…</Trans>
              </Button>
            )}
          </Buttons>
        );
      },
    });
  }
  return (
    <Section
      title={t`What third parties sent`}
      about={
        <Trans>
          It is kept apart from the profile, unless a proposed correction is taken over. It goes with the third party, or on an objection.
        </Trans>
      }
    >
      <DataTable label={t`What third parties sent`} columns={columns} rows={rows} nameOf={({ name }) => fieldName(i18n, name)} />
      <ActFailures commands={[adopting]} />
      {leaving && (
        <DismissDialog
          datum={leaving}
          onClose={() => setLeaving(undefined)}
          onDone={() => {
            setLeaving(undefined);
            refresh();
          }}
        />
      )}
      {received?.pageInfo.hasNextPage && (
        <p>
          <Trans>There are more than are shown here.</Trans>
        </p>
      )}
    </Section>
  );
}
