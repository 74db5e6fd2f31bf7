import { msg } from "@lingui/core/macro";
import { Trans, useLingui } from "@lingui/react/macro";
import { useNavigate } from "@tanstack/react-router";
import { Plus } from "lucide-react";
import { useState } from "react";
import type { ResultOf } from "../../api/graphql";
import { usePage } from "../../api/use_page";
import { Badge } from "../../components/badge";
import { Button } from "../../components/button";
import { CopyAsGraphQL } from "../../components/copy_as_graphql";
import { CopyText } from "../../components/copy_text";
import { type Column, DataTable } from "../../components/data_table";
import { opened } from "../../components/opened";
import { PageFrame } from "../../components/page_frame";
import { PAGE_SIZE, Paging } from "../../components/paging";
import { Empty, Part } from "../../components/states";
import { useObjectAddress } from "../../components/text_link";
import { useKey } from "../../shell/keys";
import { useMay } from "../../shell/viewer";
import { ProvidersQuery } from "./documents";
import { signInRoute } from "./route";
import { PROVIDER_STATES, PROVIDER_TONES } from "./words";

const EnterDialog = opened(() => import("./enter_dialog"), "EnterDialog");

type Row = ResultOf<typeof ProvidersQuery>["identityProviders"]["edges"][number]["node"];

export default function SignInPage() {
  const { t } = useLingui();
  const { after } = signInRoute.useSearch();
  const navigate = useNavigate({ from: signInRoute.fullPath });
  const addressOf = useObjectAddress();
  const [isEntering, setIsEntering] = useState(false);
  const mayManage = useMay("SINGLE_SIGN_ON_MANAGE");
  useKey("c", msg`Enter a provider of sign-in`, () => setIsEntering(true), mayManage);
  const asked = usePage(ProvidersQuery, { first: PAGE_SIZE, after: after ?? null });
  const columns = useColumns();
  const list = asked.data?.identityProviders;
  const rows = list?.edges.map(({ node }) => node) ?? [];
  const inForce = rows.find(({ state }) => state === "ACTIVE" || state === "ENFORCED");
  const enter = mayManage && (
    <Button kind="main" onPress={() => setIsEntering(true)}>
      <Plus aria-hidden />
      <Trans>Enter a provider</Trans>
    </Button>
  );
  return (
    <PageFrame
      title={t`Sign-in`}
      about={<Trans>By default people sign in by their own accounts, with a second factor. Your organisation’s own provider can be a way in besides, or the only one.</Trans>}
      actions={
        <>
          <CopyAsGraphQL asked={asked} />
          {rows.length > 0 && enter}
        </>
      }
    >
      <Part asked={asked} lines={4}>
        {inForce && <CopyText label={t`Sign-in address for your people`} text={inForce.addresses.signInUrl} />}
        {rows.length === 0 ? (
          <Empty act={enter}>
            <Trans>Your provider of sign-in stands here: Microsoft Entra, Okta, Google Workspace, Keycloak, or another that speaks OpenID Connect. Nothing changes for anybody until you have tried it and put it in force.</Trans>
          </Empty>
        ) : (
          <DataTable label={t`Providers of sign-in`} columns={columns} rows={rows} nameOf={({ name }) => name} addressOf={({ id }) => addressOf("sign-in", id)} />
        )}
        {list && <Paging page={list.pageInfo} after={after} onGo={(next) => void navigate({ search: { after: next } })} />}
      </Part>
      {isEntering && <EnterDialog onClose={() => setIsEntering(false)} />}
    </PageFrame>
  );
}

function useColumns(): Column<Row>[] {
  const { t, i18n } = useLingui();
  return [
    { id: "name", title: t`Name`, isRowHeader: true, cell: ({ name }) => <bdi>{name}</bdi> },
    {
      id: "state",
      title: t`State`,
      cell: ({ state, trouble }) => (
        <>
          <Badge tone={PROVIDER_TONES[state]}>{i18n._(PROVIDER_STATES[state])}</Badge>{" "}
          {trouble && (
            <Badge tone="alarm">
              <Trans>In trouble</Trans>
            </Badge>
          )}
        </>
      ),
    },
    { id: "issuer", title: t`Issuer`, cell: ({ issuer }) => <code>{issuer}</code> },
  ];
}
