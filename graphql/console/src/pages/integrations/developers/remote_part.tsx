import { Trans, useLingui } from "@lingui/react/macro";
import { Plus, RefreshCw } from "lucide-react";
import { type ReactNode, useState } from "react";
import type { ResultOf } from "../../../api/graphql";
import { useCommand } from "../../../api/use_command";
import { Refusals } from "../../../components/act_failures";
import { Button, Buttons } from "../../../components/button";
import css from "../../../components/decisions.module.css";
import { opened } from "../../../components/opened";
import { Paging } from "../../../components/paging";
import { Empty, Reason } from "../../../components/states";
import { useTell } from "../../../shell/outcomes";
import tools from "../installation/installation.module.css";
import { nameOf, type Remote, RemoteCard } from "../remote/remote_card";
import { CheckRemoteMutation, type DevelopersQuery } from "./documents";

const RegisterDialog = opened(() => import("./remote_dialogs"), "RegisterDialog");
const RotateDialog = opened(() => import("./remote_dialogs"), "RotateSigningDialog");
const EndDialog = opened(() => import("../remote/end_remote_dialog"), "EndRemoteDialog");

interface Properties {
  list: NonNullable<ResultOf<typeof DevelopersQuery>["remoteIntegrations"]>;
  refresh: () => void;
  after: string | undefined;
  onGo: (after: string | undefined) => void;
}

type Act = "rotate" | "end";

/** The integrations that a vendor serves itself. */
export function RemotePart({ list, refresh, after, onGo }: Properties) {
  const [isRegistering, setIsRegistering] = useState(false);
  const [act, setAct] = useState<{ kind: Act; remote: Remote }>();
  const close = () => setAct(undefined);
  const rows = list.edges.map(({ node }) => node);
  return (
    <>
      <div className={tools.tools}>
        <Button kind="main" onPress={() => setIsRegistering(true)}>
          <Plus aria-hidden />
          <Trans>Register an integration</Trans>
        </Button>
        {rows.length > 0 && (
          <Button onPress={refresh}>
            <RefreshCw aria-hidden />
            <Trans>Look again</Trans>
          </Button>
        )}
      </div>
      {rows.length === 0 ? (
        <Empty>
          <Trans>What you serve yourself stands here, in whatever language it is written: register the address of the document that declares it.</Trans>
        </Empty>
      ) : (
        <ul className={css.list}>
          {rows.map((remote) => (
            <Own key={remote.id} remote={remote} refresh={refresh} onAct={(kind) => setAct({ kind, remote })} />
          ))}
        </ul>
      )}
      <Paging page={list.pageInfo} after={after} onGo={onGo} />
      {isRegistering && <RegisterDialog onDone={refresh} onClose={() => setIsRegistering(false)} />}
      {act?.kind === "rotate" && <RotateDialog remote={act.remote} onDone={refresh} onClose={close} />}
      {act?.kind === "end" && <EndDialog remote={act.remote} onDone={refresh} onClose={close} />}
    </>
  );
}

function Own({ remote, refresh, onAct }: { remote: Remote; refresh: () => void; onAct: (act: Act) => void }) {
  const { t } = useLingui();
  const tell = useTell();
  const checking = useCommand(CheckRemoteMutation);
  const name = nameOf(remote);
  const check = async () => {
    if (!(await checking.run({ input: { remoteIntegrationId: remote.id } }))) return;
    tell({ text: t`The document of ${name} is being fetched: look again in a moment.` });
    refresh();
  };
  return (
    <RemoteCard remote={remote} meaning={<Meaning remote={remote} />}>
      {remote.state !== "ENDED" && (
        <Buttons>
          <Button isPending={checking.isRunning} onPress={() => void check()} aria-label={t`Have it checked now: ${name}`}>
            <Trans>Have it checked now</Trans>
          </Button>
          <Button onPress={() => onAct("rotate")} aria-label={t`New secret for ${name}`}>
            <Trans>New secret</Trans>
          </Button>
          <Button kind="quiet" onPress={() => onAct("end")} aria-label={t`End ${name}`}>
            <Trans>End …</Trans>
          </Button>
        </Buttons>
      )}
      <Refusals refusals={checking.refusals} />
      {checking.failure && <Reason failure={checking.failure} isAct />}
    </RemoteCard>
  );
}

/** What its state means to its vendor, and what leads on. */
function Meaning({ remote: { state, fault } }: { remote: Remote }): ReactNode {
  switch (state) {
    case "CHECKING":
      return fault ? <Trans>Mend the document, then have it checked.</Trans> : <Trans>Its document is being fetched: look again in a moment.</Trans>;
    case "REQUESTED":
      return <Trans>The provider’s operators look at it and let it in. You are told then.</Trans>;
    case "ACTIVE":
      return <Trans>Organisations can install it. A changed document is taken up once a day, or when you have it checked; what takes more waits for each administrator.</Trans>;
    case "DISABLED":
      return <Trans>Its endpoint said that it is gone (410): it is sent nothing, and what is owed there became tasks for people. Have it checked once it answers.</Trans>;
    case "SUSPENDED":
      return <Trans>The provider’s operators suspended it: it is sent nothing until they let it in again.</Trans>;
    case "ENDED":
      return <Trans>It has ended for good. Register it again to go on.</Trans>;
  }
}
