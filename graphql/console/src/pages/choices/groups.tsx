import { Trans, useLingui } from "@lingui/react/macro";
import { useState } from "react";
import type { ResultOf } from "../../api/graphql";
import { useCommand } from "../../api/use_command";
import { usePart } from "../../api/use_page";
import { Badge } from "../../components/badge";
import { Button } from "../../components/button";
import { HarmDialog } from "../../components/harm";
import { Section } from "../../components/section";
import { Empty, Part } from "../../components/states";
import { useTell } from "../../shell/outcomes";
import css from "./choices.module.css";
import { GroupsQuery, LeaveGroupMutation } from "./documents";

type Membership = NonNullable<ResultOf<typeof GroupsQuery>["viewer"]["member"]>["memberships"]["edges"][number]["node"];
type OwnGroup = NonNullable<Membership["group"]>;

/** One's groups, what others in them see of one, and leaving them. */
export function Groups() {
  const { t } = useLingui();
  const asked = usePart(GroupsQuery, {});
  const [leaving, setLeaving] = useState<OwnGroup>();
  const member = asked.data?.viewer.member;
  const memberships = member?.memberships.edges.map(({ node }) => node) ?? [];
  return (
    <Section title={t`Groups`} about={<Trans>In each of your groups others see your name. Whether they also see your address and telephone number is decided for the group.</Trans>}>
      <Part asked={asked} lines={4}>
        {memberships.length === 0 ? (
          <Empty>
            <Trans>You are in no group. Administrators add you to one; what others in it see of you stands here.</Trans>
          </Empty>
        ) : (
          <ul className={css.list}>
            {memberships.map((membership) => membership.group && <Row key={membership.group.id} membership={membership} group={membership.group} onLeave={setLeaving} />)}
          </ul>
        )}
      </Part>
      {leaving && member && (
        <Leave
          group={leaving}
          memberId={member.id}
          onClose={() => setLeaving(undefined)}
          onDone={() => {
            setLeaving(undefined);
            asked.refresh();
          }}
        />
      )}
    </Section>
  );
}

function Row({ membership, group, onLeave }: { membership: Membership; group: OwnGroup; onLeave: (group: OwnGroup) => void }) {
  const { t } = useLingui();
  const { name } = group;
  const isOthers = membership.isByRule || group.managedBy === "DIRECTORY";
  return (
    <li className={css.row}>
      <span>
        <bdi>{name}</bdi>{" "}
        {group.contactVisibility === "NAME_ONLY" ? <Badge>{t`others see your name`}</Badge> : <Badge tone="warn">{t`others see your contact details`}</Badge>}
      </span>
      {isOthers ? (
        <span className={css.hint}>
          <Trans>Who is in it is decided by your organisation's rule or directory.</Trans>
        </span>
      ) : (
        <Button onPress={() => onLeave(group)} aria-label={t`Leave ${name}`}>
          <Trans>Leave</Trans>
        </Button>
      )}
    </li>
  );
}

function Leave({ group, memberId, onClose, onDone }: { group: OwnGroup; memberId: string; onClose: () => void; onDone: () => void }) {
  const { t } = useLingui();
  const tell = useTell();
  const command = useCommand(LeaveGroupMutation);
  const { name } = group;
  const leave = async () => {
    if (!(await command.run({ input: { groupId: group.id, memberId } }))) return;
    tell({ text: t`You left ${name}.` });
    onDone();
  };
  return (
    <HarmDialog
      title={t`Leave ${name}`}
      act={t`Leave the group`}
      figures={[
        { label: t`What you shared there`, value: t`stays, under your name` },
        { label: t`What you no longer see`, value: t`what others share there` },
        { label: t`Way back`, value: t`whoever manages the group can add you again` },
      ]}
      people={1}
      objectName={name}
      command={command}
      onCommit={leave}
      onClose={onClose}
    />
  );
}
