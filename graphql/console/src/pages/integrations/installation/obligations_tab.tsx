import { Trans, useLingui } from "@lingui/react/macro";
import { useNavigate } from "@tanstack/react-router";
import { DataTable } from "../../../components/data_table";
import { Paging } from "../../../components/paging";
import { Empty } from "../../../components/states";
import { useObligationAddress } from "../obligations/address";
import { useObligationColumns } from "../obligations/columns";
import { installationRoute } from "../route";
import type { Installation } from "./installation_page";

/** What it owes and owed, with how each was proven. */
export function ObligationsTab({ installation }: { installation: Installation }) {
  const { t } = useLingui();
  const { after } = installationRoute.useSearch();
  const navigate = useNavigate({ from: installationRoute.fullPath });
  const columns = useObligationColumns({ withRecipient: false });
  const addressOf = useObligationAddress();
  const list = installation.obligations;
  if (!list) return null;
  const rows = list.edges.map(({ node }) => node);
  return (
    <>
      {rows.length === 0 ? (
        <Empty>
          <Trans>It owes nothing. What it is asked to do stands here: to correct, to erase, to prove it.</Trans>
        </Empty>
      ) : (
        <DataTable
          label={t`What ${installation.name} owes`}
          columns={columns}
          rows={rows}
          nameOf={({ recipient }) => recipient}
          addressOf={({ id }) => addressOf({ installation: installation.id, row: id })}
        />
      )}
      <Paging page={list.pageInfo} after={after} onGo={(next) => void navigate({ search: (now) => ({ ...now, after: next }) })} />
    </>
  );
}
