import { Trans, useLingui } from "@lingui/react/macro";
import { useParams } from "@tanstack/react-router";
import type { ResultOf } from "../../api/graphql";
import { usePage } from "../../api/use_page";
import { useSubscription } from "urql";
import { Badge } from "../../components/badge";
import { Deadline, Day } from "../../components/moment";
import { PageFrame } from "../../components/page_frame";
import { Part } from "../../components/states";
import { useFormats } from "../../language/formats";
import { UnknownPage } from "../../shell/unknown_page";
import { Certificate } from "./certificate";
import { Complaint } from "./complaint";
import { Copies } from "./copies";
import { Course } from "./course";
import { MyRequestProgress, MyRequestQuery } from "./documents";
import css from "./my_requests.module.css";
import { Proof } from "../../components/identity/proof";
import { Restrictions } from "./restrictions";
import { RightCard } from "./right_card";
import { Withdraw } from "./withdraw";
import { MY_KINDS } from "./words";

type Answer = ResultOf<typeof MyRequestQuery>;
export type OwnRequest = NonNullable<Answer["request"]>;
export type OwnRight = OwnRequest["rights"][number];

export default function MyRequestPage() {
  const { t, i18n } = useLingui();
  const formats = useFormats();
  const { id = "" } = useParams({ strict: false });
  const asked = usePage(MyRequestQuery, { id });
  const request = asked.data?.request;
  const isMine = request?.member != null && request.member.id === asked.data?.viewer.member?.id;
  // What happens meanwhile comes by itself: the fragment is the same, so that the page shows it.
  useSubscription({ query: MyRequestProgress, variables: { id }, pause: !request || (request.endedAt !== null && request.certificate !== null) });
  if (asked.data && (!request || (request.member !== null && !isMine))) return <UnknownPage />;
  const title = request ? formats.list(request.rights.map(({ kind }) => i18n._(MY_KINDS[kind]))) : t`My request`;
  return (
    <PageFrame title={title} about={request && <When request={request} />}>
      <Part asked={asked} lines={10}>
        {request && asked.data && (
          <>
            {request.identity === "PENDING" && <Proof requestId={request.id} onProven={asked.refresh} />}
            {request.rights.map((right) => (
              <RightCard key={right.id} right={right} request={request} refresh={asked.refresh} />
            ))}
            <Copies request={request} />
            <Restrictions restrictions={asked.data.myRestrictions.filter(({ requestId }) => requestId === request.id)} refresh={asked.refresh} />
            <Certificate request={request} />
            <Complaint request={request} contact={asked.data.organisation.settings.grievanceContact} />
            <Course request={request} />
            <Withdraw request={request} refresh={asked.refresh} />
          </>
        )}
      </Part>
    </PageFrame>
  );
}

function When({ request }: { request: OwnRequest }) {
  const { submittedAt, dueAt, endedAt, lateSince, extendedAt, extensionReason } = request;
  if (endedAt) {
    return (
      <Trans>
        Asked on <Day at={submittedAt} />, ended on <Day at={endedAt} />.
      </Trans>
    );
  }
  return (
    <>
      <Trans>
        Asked on <Day at={submittedAt} />. You get an answer by <Deadline at={dueAt} />
      </Trans>{" "}
      {lateSince && (
        <Badge tone="alarm">
          <Trans>late</Trans>
        </Badge>
      )}
      {extendedAt && (
        <span className={css.hint}>
          {" "}
          <Trans>The day was moved once, because: {extensionReason}</Trans>
        </span>
      )}
    </>
  );
}
