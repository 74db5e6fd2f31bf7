import { Plural, Trans, useLingui } from "@lingui/react/macro";
import { type ReactNode, useState } from "react";
import type { ResultOf } from "../../../api/graphql";
import { Badge } from "../../../components/badge";
import { Button, Buttons } from "../../../components/button";
import css from "../../../components/decisions.module.css";
import { Facts } from "../../../components/facts";
import { Day } from "../../../components/moment";
import { opened } from "../../../components/opened";
import { Paging } from "../../../components/paging";
import { Empty } from "../../../components/states";
import { DeclarationFacts, DeclarationWords } from "../declaration";
import { STATE_NAMES, STATE_TONES } from "../remote/words";
import { Asker } from "./asker";
import type { VendorsQuery } from "./documents";

const LetInDialog = opened(() => import("./client_dialogs"), "LetClientInDialog");
const SuspendDialog = opened(() => import("./client_dialogs"), "SuspendClientDialog");
const EndDialog = opened(() => import("../developers/end_client_dialog"), "EndDialog");

type List = NonNullable<ResultOf<typeof VendorsQuery>["vendorClients"]>;
export type AskedClient = List["edges"][number]["node"];
type Act = "let in" | "suspend" | "end";

interface Properties {
  list: List;
  refresh: () => void;
  after: string | undefined;
  onGo: (after: string | undefined) => void;
}

/** Programs by which vendors fetch, and what operators do about them. */
export function ClientsPart({ list, refresh, after, onGo }: Properties) {
  const [act, setAct] = useState<{ kind: Act; client: AskedClient }>();
  const dialog = { onDone: refresh, onClose: () => setAct(undefined) };
  const rows = list.edges.map(({ node }) => node);
  return (
    <>
      {rows.length === 0 ? (
        <Empty>
          <Trans>Programs by which vendors fetch data stand here, once one has asked for its own.</Trans>
        </Empty>
      ) : (
        <ul className={css.list}>
          {rows.map((client) => (
            <ClientCard key={client.id} client={client} onAct={(kind) => setAct({ kind, client })} />
          ))}
        </ul>
      )}
      <Paging page={list.pageInfo} after={after} onGo={onGo} />
      {act?.kind === "let in" && <LetInDialog client={act.client} {...dialog} />}
      {act?.kind === "suspend" && <SuspendDialog client={act.client} {...dialog} />}
      {act?.kind === "end" && <EndDialog client={act.client} isRefused={act.client.state === "REQUESTED"} {...dialog} />}
    </>
  );
}

function ClientCard({ client, onAct }: { client: AskedClient; onAct: (act: Act) => void }) {
  const { t, i18n } = useLingui();
  const { name, clientId, state, integrationKey, isConfidential, redirectUris, createdAt, organisations, vendor, declaration } = client;
  return (
    <li className={css.card}>
      <div className={css.head}>
        <h2>
          <bdi>{name}</bdi>
        </h2>
        <Badge tone={STATE_TONES[state]}>{i18n._(STATE_NAMES[state])}</Badge>
      </div>
      <p>
        <Meaning state={state} />
      </p>
      <Facts
        facts={[
          { label: t`Asked for by`, value: <Asker vendor={vendor} /> },
          { label: t`Asked for`, value: <Day at={createdAt} /> },
          { label: t`Fetches for the integration`, value: <bdi data-of-server>{integrationKey}</bdi> },
          { label: t`Proves who it is by`, value: isConfidential ? <Trans>a secret, on a server</Trans> : <Trans>PKCE alone: it keeps no secret</Trans> },
          { label: t`Browsers come back to`, value: <bdi data-of-server>{redirectUris.join("\n")}</bdi> },
          { label: t`Let in by`, value: <Plural value={organisations} _0="nobody yet" one="# organisation" other="# organisations" /> },
          { label: t`Id of the program`, value: <bdi data-of-server>{clientId}</bdi> },
        ]}
      />
      {declaration ? (
        <>
          <DeclarationFacts declaration={declaration} />
          <DeclarationWords declaration={declaration} />
        </>
      ) : (
        <p className={css.hint}>
          <Trans>The integration for which it fetches is not there at present: nothing can be fetched for it.</Trans>
        </p>
      )}
      <Acts client={client} onAct={onAct} />
    </li>
  );
}

function Meaning({ state }: { state: AskedClient["state"] }): ReactNode {
  switch (state) {
    case "REQUESTED":
      return <Trans>It waits for you. Make sure that who asks may speak for the company of this integration: to administrators it does.</Trans>;
    case "ACTIVE":
      return <Trans>Administrators can let it fetch what they allow.</Trans>;
    case "SUSPENDED":
      return <Trans>It fetches nothing, until you let it in again.</Trans>;
    case "ENDED":
      return <Trans>It has ended for good.</Trans>;
  }
}

function Acts({ client: { name, state }, onAct }: { client: AskedClient; onAct: (act: Act) => void }) {
  const { t } = useLingui();
  if (state === "ENDED") return null;
  return (
    <Buttons>
      {state === "REQUESTED" && (
        <Button kind="main" onPress={() => onAct("let in")} aria-label={t`Let it in: ${name}`}>
          <Trans>Let it in …</Trans>
        </Button>
      )}
      {state === "SUSPENDED" && (
        <Button kind="main" onPress={() => onAct("let in")} aria-label={t`Let it in again: ${name}`}>
          <Trans>Let it in again …</Trans>
        </Button>
      )}
      {state === "ACTIVE" && (
        <Button onPress={() => onAct("suspend")} aria-label={t`Suspend ${name}`}>
          <Trans>Suspend …</Trans>
        </Button>
      )}
      {state === "REQUESTED" ? (
        <Button kind="quiet" onPress={() => onAct("end")} aria-label={t`Refuse ${name}`}>
          <Trans>Refuse …</Trans>
        </Button>
      ) : (
        <Button kind="quiet" onPress={() => onAct("end")} aria-label={t`End ${name}`}>
          <Trans>End …</Trans>
        </Button>
      )}
    </Buttons>
  );
}
