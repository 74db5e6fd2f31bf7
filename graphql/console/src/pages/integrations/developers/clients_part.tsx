import { Trans, useLingui } from "@lingui/react/macro";
import { Plus } from "lucide-react";
import { useState } from "react";
import type { ResultOf } from "../../../api/graphql";
import { Badge } from "../../../components/badge";
import { Button } from "../../../components/button";
import { type Column, DataTable } from "../../../components/data_table";
import { Day } from "../../../components/moment";
import { opened } from "../../../components/opened";
import { Paging } from "../../../components/paging";
import { Empty } from "../../../components/states";
import tools from "../installation/installation.module.css";
import css from "../obligations/obligations.module.css";
import { STATE_NAMES, STATE_TONES } from "../remote/words";
import type { DevelopersQuery } from "./documents";

const ClientDialog = opened(() => import("./client_dialog"), "ClientDialog");
const RotateDialog = opened(() => import("./client_dialog"), "RotateDialog");
const EndDialog = opened(() => import("./end_client_dialog"), "EndDialog");

type List = NonNullable<ResultOf<typeof DevelopersQuery>["vendorClients"]>;
export type Client = List["edges"][number]["node"];

interface Properties {
  list: List;
  refresh: () => void;
  after: string | undefined;
  onGo: (after: string | undefined) => void;
}

/** The programs by which a vendor fetches. */
export function ClientsPart({ list, refresh, after, onGo }: Properties) {
  const { t } = useLingui();
  const [act, setAct] = useState<{ kind: "new" } | { kind: "rotate" | "end"; client: Client }>();
  const close = () => setAct(undefined);
  const columns = useColumns((kind, client) => setAct({ kind, client }));
  const rows = list.edges.map(({ node }) => node);
  return (
    <>
      <div className={tools.tools}>
        <Button kind="main" onPress={() => setAct({ kind: "new" })}>
          <Plus aria-hidden />
          <Trans>Ask for a program</Trans>
        </Button>
      </div>
      {rows.length === 0 ? (
        <Empty>
          <Trans>The programs by which you fetch data stand here. Ask for one; the provider’s operators let it in.</Trans>
        </Empty>
      ) : (
        <DataTable label={t`Your programs`} columns={columns} rows={rows} nameOf={({ name }) => name} />
      )}
      <Paging page={list.pageInfo} after={after} onGo={onGo} />
      {act?.kind === "new" && <ClientDialog onDone={refresh} onClose={close} />}
      {act?.kind === "rotate" && <RotateDialog client={act.client} onDone={refresh} onClose={close} />}
      {act?.kind === "end" && <EndDialog client={act.client} onDone={refresh} onClose={close} />}
    </>
  );
}

function useColumns(onAct: (kind: "rotate" | "end", client: Client) => void): Column<Client>[] {
  const { t, i18n } = useLingui();
  return [
    {
      id: "name",
      title: t`Name`,
      isRowHeader: true,
      cell: ({ name, clientId }) => (
        <span className={css.what}>
          <bdi>{name}</bdi>
          <bdi className={css.detail} data-of-server>
            {clientId}
          </bdi>
        </span>
      ),
    },
    { id: "integration", title: t`Integration`, cell: ({ integrationKey }) => <bdi data-of-server>{integrationKey}</bdi> },
    { id: "state", title: t`State`, cell: ({ state }) => <Badge tone={STATE_TONES[state]}>{i18n._(STATE_NAMES[state])}</Badge> },
    { id: "since", title: t`Asked for`, cell: ({ createdAt }) => <Day at={createdAt} /> },
    {
      id: "acts",
      title: t`Act`,
      cell: (client) =>
        client.state !== "ENDED" && (
          <>
            {client.isConfidential && (
              <Button kind="quiet" onPress={() => onAct("rotate", client)} aria-label={t`New secret for ${client.name}`}>
                <Trans>New secret</Trans>
              </Button>
            )}
            <Button kind="quiet" onPress={() => onAct("end", client)} aria-label={t`End ${client.name}`}>
              <Trans>End …</Trans>
            </Button>
          </>
        ),
    },
  ];
}
