import { msg } from "@lingui/core/macro";
import { Trans, useLingui } from "@lingui/react/macro";
import { Link, useNavigate } from "@tanstack/react-router";
import { Plus } from "lucide-react";
import { useState } from "react";
import { usePage } from "../../api/use_page";
import { Button } from "../../components/button";
import { CopyAsGraphQL } from "../../components/copy_as_graphql";
import { DataTable } from "../../components/data_table";
import { opened } from "../../components/opened";
import { PageFrame } from "../../components/page_frame";
import { PAGE_SIZE, Paging } from "../../components/paging";
import { Empty, Part } from "../../components/states";
import { useObjectAddress } from "../../components/text_link";
import { useKey } from "../../shell/keys";
import { useMay } from "../../shell/viewer";
import { useColumns } from "./columns";
import { DomainsQuery } from "./documents";
import { accountClaimsRoute, domainsRoute } from "./route";

const ClaimDialog = opened(() => import("./claim_dialog"), "ClaimDialog");

export default function DomainsPage() {
  const { t } = useLingui();
  const { after } = domainsRoute.useSearch();
  const { organisation } = domainsRoute.useParams();
  const navigate = useNavigate({ from: domainsRoute.fullPath });
  const addressOf = useObjectAddress();
  const [isClaiming, setIsClaiming] = useState(false);
  const mayManage = useMay("DOMAINS_MANAGE");
  useKey("c", msg`Prove a domain`, () => setIsClaiming(true), mayManage);
  const asked = usePage(DomainsQuery, { first: PAGE_SIZE, after: after ?? null });
  const columns = useColumns();
  const list = asked.data?.domains;
  const rows = list?.edges.map(({ node }) => node) ?? [];
  const claim = mayManage && (
    <Button kind="main" onPress={() => setIsClaiming(true)}>
      <Plus aria-hidden />
      <Trans>Prove a domain</Trans>
    </Button>
  );
  return (
    <PageFrame
      title={t`Domains`}
      about={
        <Trans>
          Who proves a domain decides whether people with an address there join. See also the{" "}
          <Link to={accountClaimsRoute.to} params={{ organisation }}>
            accounts that were asked
          </Link>
          .
        </Trans>
      }
      actions={
        <>
          <CopyAsGraphQL asked={asked} />
          {rows.length > 0 && claim}
        </>
      }
    >
      <Part asked={asked} lines={4}>
        {rows.length === 0 ? (
          <Empty act={claim}>
            <Trans>
              The domains of your mail addresses stand here. You prove one by a record in its DNS; then its people can join by their addresses, and
              sign in by your own provider.
            </Trans>
          </Empty>
        ) : (
          <DataTable
            label={t`Domains`}
            columns={columns}
            rows={rows}
            nameOf={({ displayName }) => displayName}
            addressOf={({ id }) => addressOf("domains", id)}
          />
        )}
        {list && <Paging page={list.pageInfo} after={after} onGo={(next) => void navigate({ search: { after: next } })} />}
      </Part>
      {isClaiming && <ClaimDialog onClose={() => setIsClaiming(false)} />}
    </PageFrame>
  );
}
