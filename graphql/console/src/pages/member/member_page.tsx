import { useLingui } from "@lingui/react/macro";
import type { ResultOf } from "../../api/graphql";
import { usePage } from "../../api/use_page";
import { Badge } from "../../components/badge";
import { CopyAsGraphQL } from "../../components/copy_as_graphql";
import { PageFrame } from "../../components/page_frame";
import { RecordedLooks } from "../../components/recorded_looks";
import { Part } from "../../components/states";
import { Tabs } from "../../components/tabs";
import { UnknownPage } from "../../shell/unknown_page";
import { isAbove } from "../../words/members";
import { useMay } from "../../shell/viewer";
import { STATE_NAMES, STATE_TONES } from "../../words/members";
import { Activity } from "./activity";
import { MemberQuery } from "./documents";
import { Holdings } from "./holdings";
import { Looks } from "./looks";
import { MemberActs } from "./member_acts";
import { Profile } from "./profile";
import { memberRoute } from "./route";

export type Member = NonNullable<ResultOf<typeof MemberQuery>["member"]>;
/** The roles of who looks. */
export type Mine = NonNullable<ResultOf<typeof MemberQuery>["viewer"]["member"]>["roles"];

export default function MemberPage() {
  const { t, i18n } = useLingui();
  const { id } = memberRoute.useParams();
  const asked = usePage(MemberQuery, { id });
  const member = asked.data?.member;
  const me = asked.data?.viewer.member;
  if (asked.data && !member) return <UnknownPage />;
  return (
    <PageFrame
      title={member ? (member.displayName ?? t`Without a name`) : t`Member`}
      name={member?.displayName}
      about={member?.state && <Badge tone={STATE_TONES[member.state]}>{i18n._(STATE_NAMES[member.state])}</Badge>}
      actions={
        <>
          <CopyAsGraphQL asked={asked} />
          {member && <MemberActs member={member} mine={me?.roles} isMe={me?.id === id} onDone={asked.refresh} />}
        </>
      }
    >
      <Part asked={asked} lines={10}>
        {member && <MemberTabs member={member} mine={me?.roles} isMe={me?.id === id} onDone={asked.refresh} />}
        {member && me?.id !== id && <RecordedLooks people={member.visibility === "NAME" ? 0 : 1} />}
      </Part>
    </PageFrame>
  );
}

interface TabsProperties {
  member: Member;
  mine: Mine | undefined;
  isMe: boolean;
  onDone: () => void;
}

function MemberTabs(properties: TabsProperties) {
  const { t } = useLingui();
  const seesLedger = useMay("INTEGRATIONS_READ");
  const seesAudit = useMay("AUDIT_READ");
  const { member, mine, isMe, onDone } = properties;
  const mayUpdate = useMay("MEMBERS_UPDATE") && (isMe || isAbove(mine, member.roles));
  const isFull = member.visibility === "FULL";
  const profile = <Profile {...properties} />;
  const tabs = [
    { id: "profile", title: t`Profile`, isThere: true, content: () => profile },
    { id: "holdings", title: t`Who has the data`, isThere: isFull && seesLedger, content: () => <Holdings id={member.id} mayUpdate={mayUpdate} onChange={onDone} /> },
    { id: "activity", title: t`What was done`, isThere: seesAudit, content: () => <Activity id={member.id} /> },
    { id: "looks", title: t`Who looked`, isThere: isFull, content: () => <Looks id={member.id} /> },
  ] as const;
  const seen = tabs.filter(({ isThere }) => isThere);
  return seen.length > 1 ? <Tabs label={t`About this person`} tabs={seen} /> : profile;
}
