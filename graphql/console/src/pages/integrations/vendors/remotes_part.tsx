import { Trans, useLingui } from "@lingui/react/macro";
import { type ReactNode, useState } from "react";
import type { ResultOf } from "../../../api/graphql";
import { Button, Buttons } from "../../../components/button";
import css from "../../../components/decisions.module.css";
import { opened } from "../../../components/opened";
import { Paging } from "../../../components/paging";
import { Empty } from "../../../components/states";
import { nameOf, RemoteCard } from "../remote/remote_card";
import { Asker } from "./asker";
import type { VendorsQuery } from "./documents";

const LetInDialog = opened(() => import("./remote_dialogs"), "LetRemoteInDialog");
const SuspendDialog = opened(() => import("./remote_dialogs"), "SuspendRemoteDialog");
const EndDialog = opened(() => import("../remote/end_remote_dialog"), "EndRemoteDialog");

type List = NonNullable<ResultOf<typeof VendorsQuery>["remoteIntegrations"]>;
export type AskedRemote = List["edges"][number]["node"];
type Act = "let in" | "suspend" | "end";

interface Properties {
  list: List;
  refresh: () => void;
  after: string | undefined;
  onGo: (after: string | undefined) => void;
}

/** Integrations that vendors serve themselves, and what operators do about them. */
export function RemotesPart({ list, refresh, after, onGo }: Properties) {
  const [act, setAct] = useState<{ kind: Act; remote: AskedRemote }>();
  const dialog = { onDone: refresh, onClose: () => setAct(undefined) };
  const rows = list.edges.map(({ node }) => node);
  return (
    <>
      {rows.length === 0 ? (
        <Empty>
          <Trans>Integrations that vendors serve themselves stand here, once one has registered the address of its own.</Trans>
        </Empty>
      ) : (
        <ul className={css.list}>
          {rows.map((remote) => (
            <RemoteCard key={remote.id} remote={remote} meaning={<Meaning remote={remote} />} vendor={<Asker vendor={remote.vendor} />}>
              <Acts remote={remote} onAct={(kind) => setAct({ kind, remote })} />
            </RemoteCard>
          ))}
        </ul>
      )}
      <Paging page={list.pageInfo} after={after} onGo={onGo} />
      {act?.kind === "let in" && <LetInDialog remote={act.remote} {...dialog} />}
      {act?.kind === "suspend" && <SuspendDialog remote={act.remote} {...dialog} />}
      {act?.kind === "end" && <EndDialog remote={act.remote} isRefused={isUndecided(act.remote)} {...dialog} />}
    </>
  );
}

const isUndecided = ({ state }: AskedRemote) => state === "CHECKING" || state === "REQUESTED";

/** What its state means to operators, and who leads on. */
function Meaning({ remote: { state, declaration } }: { remote: AskedRemote }): ReactNode {
  if (declaration === null && (state === "REQUESTED" || state === "SUSPENDED")) return <Trans>What it declares can’t be read any more: its vendor has it checked again.</Trans>;
  switch (state) {
    case "CHECKING":
      return <Trans>Its vendor has served no document that can be used. There is nothing to decide yet.</Trans>;
    case "REQUESTED":
      return <Trans>It waits for you. Make sure that who asks may speak for the company that it names.</Trans>;
    case "ACTIVE":
      return <Trans>Organisations can install it.</Trans>;
    case "DISABLED":
      return <Trans>Its endpoint said that it is gone: it is sent nothing. Its vendor has it checked once it answers again.</Trans>;
    case "SUSPENDED":
      return <Trans>It is sent nothing, until you let it in again.</Trans>;
    case "ENDED":
      return <Trans>It has ended for good.</Trans>;
  }
}

function Acts({ remote, onAct }: { remote: AskedRemote; onAct: (act: Act) => void }) {
  const { t } = useLingui();
  const { state, declaration } = remote;
  const name = nameOf(remote);
  if (state === "ENDED") return null;
  return (
    <Buttons>
      {declaration && state === "REQUESTED" && (
        <Button kind="main" onPress={() => onAct("let in")} aria-label={t`Let it in: ${name}`}>
          <Trans>Let it in …</Trans>
        </Button>
      )}
      {declaration && state === "SUSPENDED" && (
        <Button kind="main" onPress={() => onAct("let in")} aria-label={t`Let it in again: ${name}`}>
          <Trans>Let it in again …</Trans>
        </Button>
      )}
      {(state === "ACTIVE" || state === "DISABLED") && (
        <Button onPress={() => onAct("suspend")} aria-label={t`Suspend ${name}`}>
          <Trans>Suspend …</Trans>
        </Button>
      )}
      {isUndecided(remote) ? (
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
