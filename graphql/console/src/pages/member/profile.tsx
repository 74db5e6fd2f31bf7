import { Trans, useLingui } from "@lingui/react/macro";
import { Facts } from "../../components/facts";
import { Day, Moment } from "../../components/moment";
import { Section } from "../../components/section";
import { useFormats } from "../../language/formats";
import { GroupsOfMember } from "./groups_of_member";
import type { Member, Mine } from "./member_page";
import { RolesOfMember } from "./roles_of_member";

interface Properties {
  member: Member;
  mine: Mine | undefined;
  isMe: boolean;
  onDone: () => void;
}

export function Profile({ member, mine, isMe, onDone }: Properties) {
  const { t } = useLingui();
  const named = (text: string | null) => text && <bdi>{text}</bdi>;
  return (
    <>
      {member.gracePeriod && <Grace grace={member.gracePeriod} />}
      <Section title={t`Profile`}>
        <Facts
          facts={[
            { label: t`Name`, value: named(member.displayName) },
            { label: t`Title`, value: named(member.title) },
            { label: t`First name`, value: named(member.firstName) },
            { label: t`Last name`, value: named(member.lastName) },
            { label: t`E-mail address`, value: named(member.email) },
            { label: t`Telephone`, value: named(member.phone) },
            { label: t`Job title`, value: named(member.jobTitle) },
            { label: t`Company`, value: named(member.company) },
            { label: t`Username`, value: named(member.username) },
            { label: t`Postal address`, value: named(member.postalAddress) },
            { label: t`Entered`, value: <Day at={member.createdAt} /> },
            { label: t`Joined with an account`, value: member.joinedAt && <Day at={member.joinedAt} /> },
            { label: t`Last here`, value: member.lastSeenAt && <Moment at={member.lastSeenAt} /> },
            { label: t`Left`, value: member.leftAt && <Day at={member.leftAt} /> },
          ]}
        />
      </Section>
      {member.directoryUser && <Directory user={member.directoryUser} />}
      {member.roles && <RolesOfMember member={member} mine={mine} isMe={isMe} />}
      <GroupsOfMember member={member} onDone={onDone} />
    </>
  );
}

function Directory({ user }: { user: NonNullable<Member["directoryUser"]> }) {
  const { t } = useLingui();
  const named = (text: string) => text && <bdi>{text}</bdi>;
  return (
    <Section title={t`From the directory`} about={<Trans>Your organisation’s directory keeps this up; it is changed there.</Trans>}>
      <Facts
        facts={[
          { label: t`Known there as`, value: named(user.userName) },
          { label: t`Number of the employee`, value: named(user.employeeNumber) },
          { label: t`Organisation`, value: named(user.organization) },
          { label: t`Division`, value: named(user.division) },
          { label: t`Department`, value: named(user.department) },
          { label: t`Cost centre`, value: named(user.costCenter) },
          { label: t`Reports to`, value: named(user.manager) },
          { label: t`Last changed`, value: <Moment at={user.changedAt} /> },
        ]}
      />
    </Section>
  );
}

/** What the clock does once a membership has ended. */
function Grace({ grace }: { grace: NonNullable<Member["gracePeriod"]> }) {
  const { t } = useLingui();
  const formats = useFormats();
  const end = formats.date(grace.endsAt);
  return (
    <Section title={t`What happens next`}>
      <p>
        {grace.state === "RUNNING" ? (
          <Trans>Nothing of this person is shared any more. If nobody acts, an erasure of the data is asked for on {end}.</Trans>
        ) : grace.state === "ERASURE_ASKED" ? (
          <Trans>The grace period ended on {end}, and an erasure was asked for.</Trans>
        ) : (
          <Trans>The grace period is over.</Trans>
        )}
      </p>
    </Section>
  );
}
