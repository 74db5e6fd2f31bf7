import { msg } from "@lingui/core/macro";
import { Trans, useLingui } from "@lingui/react/macro";
import { useParams } from "@tanstack/react-router";
import { useState } from "react";
import { useSubscription } from "urql";
import { useCommand } from "../../api/use_command";
import { type Asked, usePage } from "../../api/use_page";
import { Refusals } from "../../components/act_failures";
import { Button } from "../../components/button";
import { CopyAsGraphQL } from "../../components/copy_as_graphql";
import { Deadline } from "../../components/moment";
import { opened } from "../../components/opened";
import { PageFrame } from "../../components/page_frame";
import { Part, Reason } from "../../components/states";
import { useKey } from "../../shell/keys";
import { useTell } from "../../shell/outcomes";
import { UnknownPage } from "../../shell/unknown_page";
import { ContentOfRequest } from "./content";
import { AcknowledgeMutation } from "./acts/documents";
import { ProgressSubscription, RequestQuery } from "./documents";
import { NextOfQueue } from "./next_of_queue";
import { type Request, useDeciding } from "./types";
import { REGIMES } from "./words";

const ExtendDialog = opened(() => import("./extend_dialog"), "ExtendDialog");
const HandOverDialog = opened(() => import("./hand_over_dialog"), "HandOverDialog");

type Open = "extend" | "hand over" | null;

export default function RequestPage() {
  const { t } = useLingui();
  const { id = "" } = useParams({ strict: false });
  const asked = usePage(RequestQuery, { id });
  const request = asked.data?.request;
  // Until its certificate is there, which comes a moment after the end.
  const isUnder = request != null && (request.endedAt === null || request.certificate === null);
  // Told as it happens; what is told is kept with the rest, so that the page shows it.
  useSubscription({ query: ProgressSubscription, variables: { id }, pause: !isUnder });
  if (asked.data && !request && !asked.isLoading) return <UnknownPage />;
  const name = request?.member?.displayName;
  return (
    <PageFrame
      title={request ? (name ? t`Request from ${name}` : t`Request from somebody you may not see`) : t`Request`}
      name={name}
      about={request && <About request={request} />}
      actions={<Acts asked={asked} request={request ?? undefined} />}
    >
      <Part asked={asked} lines={10}>
        {request && <ContentOfRequest request={request} refresh={asked.refresh} />}
      </Part>
    </PageFrame>
  );
}

function About({ request }: { request: Request }) {
  const law = REGIMES[request.regime] ?? request.regime;
  return (
    <>
      <Trans>
        Asked on <Deadline at={request.submittedAt} isOver /> under the <bdi>{law}</bdi>, to be answered by <Deadline at={request.dueAt} isOver={request.endedAt !== null} />.
      </Trans>{" "}
      {request.extendedAt && (
        <Trans>
          The due date was moved from <Deadline at={request.originalDueAt} isOver />: {request.extensionReason}
        </Trans>
      )}
    </>
  );
}

function Acts({ asked, request }: { asked: Asked<unknown>; request: Request | undefined }) {
  const tell = useTell();
  const { t } = useLingui();
  const [open, setOpen] = useState<Open>(null);
  const { decides } = useDeciding(request);
  const command = useCommand(AcknowledgeMutation);
  const isUnder = request !== undefined && request.endedAt === null && request.identity === "VERIFIED";
  const mayAct = isUnder && decides(request.handler);
  const mayAcknowledge = mayAct && request.acknowledgedAt === null && request.rights.some(({ state }) => state === "WITH_ADMIN" || state === "WITH_PRIVACY_TEAM");
  const mayHandOver = isUnder && decides("ADMIN") && request.rights.some(({ state }) => state === "WITH_ADMIN");
  const acknowledge = async () => {
    if (command.isRunning || !request) return;
    if (!(await command.run({ input: { requestId: request.id } }))) return;
    tell({ text: t`Acknowledged: the person is told that somebody deals with it.` });
    asked.refresh();
  };
  useKey("a", msg`Acknowledge`, () => void acknowledge(), mayAcknowledge);
  const close = () => setOpen(null);
  return (
    <>
      <CopyAsGraphQL asked={asked} />
      <NextOfQueue />
      {mayAcknowledge && (
        <Button kind="main" isPending={command.isRunning} onPress={() => void acknowledge()}>
          <Trans>Acknowledge</Trans>
        </Button>
      )}
      {mayAct && request.extendedAt === null && request.lateSince === null && (
        <Button onPress={() => setOpen("extend")}>
          <Trans>Take more time…</Trans>
        </Button>
      )}
      {mayHandOver && (
        <Button onPress={() => setOpen("hand over")}>
          <Trans>Hand over…</Trans>
        </Button>
      )}
      <Refusals refusals={command.refusals} />
      {command.failure && <Reason failure={command.failure} isAct />}
      {open === "extend" && request && <ExtendDialog request={request} onClose={close} onDone={asked.refresh} />}
      {open === "hand over" && request && <HandOverDialog request={request} onClose={close} onDone={asked.refresh} />}
    </>
  );
}
